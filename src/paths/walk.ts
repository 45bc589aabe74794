import { isUtf8 } from "node:buffer";
import { lstatSync, mkdirSync, readlinkSync, type Stats } from "node:fs";
import { join, parse, sep } from "node:path";
import { OpenFolder } from "./open-folder.js";

/** As many links as Linux follows on one way (path_resolution(7)). */
const MOST_LINKS = 40;

/** A symbolic link of somebody who is neither we nor root, on the way to where something is read or written. */
export class ForeignLink extends Error {
  /** The link, as the path names it. */
  readonly path: string;

  constructor(path: string) {
    super(`${path} is a symbolic link of another user`);
    this.path = path;
  }
}

export interface WalkRule {
  /** Our user id: links of ours and of root's are followed. undefined: the system has none, and all are. */
  readonly uid: number | undefined;
  /** Makes folders that are missing. */
  readonly create?: boolean;
  /**
   * Follows another user's link too, when what it leads to is that user's own: he gives away nothing that is not his.
   * For what is read, never for what is written.
   */
  readonly ownersOwn?: boolean;
  /** Another place than /proc/self/fd, for tests. */
  readonly descriptors?: string;
}

/** What is left of a path when its folders have been opened. */
export interface Place {
  readonly folder: OpenFolder;
  /** The last part, not looked at yet; `""` when the path is that of a folder by its form (`/`, `a/..`). */
  readonly name: string;
  /** Whose the file must be, because a link of that user led to it. */
  readonly owner: number | undefined;
  /** Closes the folder, unless it was open before. */
  close(): void;
}

function failed(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, syscall: "open", path });
}

/** @throws EILSEQ when it is not UTF-8: as the text that Node makes of it, it may be the name of another file */
function linkText(path: string): string {
  const text = readlinkSync(path);
  if (text.includes("\ufffd") && !isUtf8(readlinkSync(path, "buffer"))) throw failed("EILSEQ", path);
  return text;
}

const SEPARATORS = sep === "/" ? "/" : /[\\/]/;

const partsOf = (path: string) => path.split(SEPARATORS).filter((part) => part !== "" && part !== ".");

/** A walk from one folder to the next, each opened from the one before and none looked at twice. */
class Walk {
  folder: OpenFolder;
  readonly parts: string[];
  readonly #rule: WalkRule;
  /** The folder's path, for people. */
  #shown: string;
  /** Only the folders that the walk has opened itself are closed by it. */
  #own: boolean;
  #links = 0;
  /** Of folders and files that links of others led to: the user, and how many parts are left then. */
  readonly #owners: { readonly uid: number; readonly left: number; readonly path: string }[] = [];

  /**
   * @param from a folder that is open, and stays so; or where an absolute or relative path begins
   * @param path the way from there
   */
  constructor(from: OpenFolder | "", path: string, rule: WalkRule) {
    const { root } = parse(path);
    this.#own = from === "";
    this.folder = from === "" ? OpenFolder.begin(root === "" ? "." : root, rule.uid, rule.descriptors) : from;
    this.#shown = root;
    this.parts = partsOf(path.slice(root.length));
    this.#rule = rule;
  }

  /** Goes on until `keep` parts are left. */
  run(keep: number): void {
    while (this.parts.length > keep) this.#step(this.parts.shift() as string);
  }

  /** Goes on until the last part, unless that is a folder by its form. */
  runToLast(): void {
    this.run(1);
    if (this.parts[0] === "..") this.run(0);
  }

  /** The user whose the file at the end must be. */
  get owner(): number | undefined {
    return this.#owners.at(-1)?.uid;
  }

  /** Follows the last part as long as it is a link. */
  followLast(): void {
    for (;;) {
      const [name] = this.parts;
      const stats = name === undefined ? undefined : lastStats(this.folder, name);
      if (name === undefined || stats?.isSymbolicLink() !== true) return;
      this.parts.shift();
      this.#follow(name, stats);
      this.runToLast();
    }
  }

  /** The folder, for the caller to close. */
  take(): OpenFolder {
    if (!this.#own) return this.folder.enter(".");
    this.#own = false;
    return this.folder;
  }

  close(): void {
    if (this.#own) this.folder.close();
    this.#own = false;
  }

  #step(name: string): void {
    for (let tries = 0; ; tries++) {
      try {
        this.#move(this.folder.enter(name), join(this.#shown, name));
        break;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOTDIR" || code === "ELOOP") {
          this.#through(name, error);
          return;
        }
        if (code !== "ENOENT" || this.#rule.create !== true || tries > 2) throw error;
        makeFolder(`${this.folder.path}/${name}`);
      }
    }
    this.#checkOwners();
  }

  #move(to: OpenFolder, shown: string): void {
    this.close();
    this.folder = to;
    this.#shown = shown;
    this.#own = true;
  }

  #through(name: string, error: unknown): void {
    const stats = lstatSync(`${this.folder.path}/${name}`);
    if (!stats.isSymbolicLink()) throw error;
    this.#follow(name, stats);
  }

  #follow(name: string, link: Stats): void {
    const path = `${this.folder.path}/${name}`;
    const { uid } = this.#rule;
    const isForeign = uid !== undefined && link.uid !== uid && link.uid !== 0;
    if (isForeign && this.#rule.ownersOwn !== true) throw new ForeignLink(join(this.#shown, name));
    const text = linkText(path);
    // Its owner was looked at before its text was read.
    const after = lstatSync(path);
    if (after.ino !== link.ino || after.ctimeMs !== link.ctimeMs) throw failed("ELOOP", path);
    if (++this.#links > MOST_LINKS) throw failed("ELOOP", path);
    if (isForeign)
      this.#owners.push({ uid: link.uid, left: this.parts.length, path: join(this.#shown, name) });
    const { root } = parse(text);
    if (root !== "") this.#move(OpenFolder.begin(root, this.#rule.uid, this.#rule.descriptors), root);
    this.parts.unshift(...partsOf(text.slice(root.length)));
    this.#checkOwners();
  }

  /** Links of others may lead to what is theirs. */
  #checkOwners(): void {
    for (let last = this.#owners.at(-1); last !== undefined; last = this.#owners.at(-1)) {
      if (this.parts.length > last.left) return;
      if (this.folder.owner !== last.uid) throw new ForeignLink(last.path);
      this.#owners.pop();
    }
  }
}

const lastStats = (folder: OpenFolder, name: string) =>
  lstatSync(`${folder.path}/${name}`, { throwIfNoEntry: false });

/** Walks, and leaves nothing open when it fails. */
function walked<T>(walk: Walk, go: () => T): T {
  try {
    return go();
  } catch (error) {
    walk.close();
    throw error;
  }
}

/**
 * Opens a folder by its path, part by part.
 *
 * @param from a folder that is open already, for a path relative to it
 * @throws ForeignLink for another user's link on the way; the system's error
 */
export function openFolder(path: string, rule: WalkRule, from?: OpenFolder): OpenFolder {
  const walk = new Walk(from ?? "", path, rule);
  return walked(walk, () => {
    walk.run(0);
    return walk.take();
  });
}

/**
 * Opens the folder that a path's last part is in. As the kernel reads a path: `a/..` is what is above where `a` leads.
 *
 * @param follow goes on through a link that is the last part
 * @param from a folder that is open already, for a path relative to it
 * @throws ForeignLink for another user's link on the way; the system's error
 */
export function openPlace(path: string, rule: WalkRule, follow: boolean, from?: OpenFolder): Place {
  const walk = new Walk(from ?? "", path, rule);
  return walked(walk, () => {
    walk.runToLast();
    if (follow) walk.followLast();
    const { folder, owner, parts } = walk;
    return { folder, name: parts[0] ?? "", owner, close: () => walk.close() };
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
