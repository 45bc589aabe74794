import { lstatSync, mkdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { OpenFolder } from "../../paths/open-folder.js";
import { ForeignLink, openFolder, openPlace } from "../../paths/walk.js";
import { lacksDescriptors } from "../local/descriptors.js";
import { openFoldersClosed } from "../local/temporary-names.js";
import { folderRefused, linkOfAnother } from "./failures.js";

/** A folder in use. `release` it when that is over. */
export interface HeldFolder {
  readonly folder: OpenFolder;
  /** What to put before `/NAME`. It leads to this very folder even when the folder is moved or replaced meanwhile. */
  readonly path: string;
  release(): void;
}

interface Folder {
  readonly name: string;
  readonly folder: OpenFolder;
  users: number;
}

/** Folders kept open that nobody uses just now. */
const IDLE_FOLDERS = 64;

export interface FolderRules {
  /** Our user id: a link on the way to the root is followed when it is ours or root's. undefined: any. */
  readonly uid: number | undefined;
  /** Makes folders that are missing. */
  readonly create: boolean;
  /** Follows links below the root, as a source has it; else they are refused. */
  readonly follows?: boolean;
  /** How many may stay open that nobody uses. */
  readonly idle?: number;
  /** Another place than /proc/self/fd, for tests. */
  readonly descriptors?: string;
}

/**
 * The folders below one root, each opened from its parent and held while it is in use: neither a symbolic link that lies
 * there nor one that somebody puts in place of a folder meanwhile can lead elsewhere. The root is opened once, by its
 * path, and stays the root of all until `close`.
 */
export class HeldFolders {
  readonly #root: string;
  readonly #rules: FolderRules;
  readonly #most: number;
  readonly #folders = new Map<string, Folder>();
  #idle = 0;

  /** @param root absolute path */
  constructor(root: string, rules: FolderRules) {
    this.#root = root;
    this.#rules = rules;
    this.#most = rules.idle ?? IDLE_FOLDERS;
  }

  /**
   * @param name relative to the root, `""` for the root itself, with `/` between folders
   * @param create makes what is missing
   * @throws Failure `foreign-link` for another user's link, `folder-is-link`, `folder-is-file` when a part of it is a
   *   link or a file; the system's own error otherwise
   */
  hold(name: string, create = this.#rules.create): HeldFolder {
    const held = this.#folders.get(name) ?? this.#open(name, create);
    if (held.users++ === 0) this.#idle--;
    const { folder } = held;
    folder.check();
    return { folder, path: folder.path, release: () => this.#release(held) };
  }

  /**
   * Does something with a file; makes no folder for it.
   *
   * @param action gets the file's path, which leads into the very folder that was opened, that folder, and the file's name in it
   * @throws as `hold`; what the action throws
   */
  inFolder<T>(name: string, action: (path: string, held: HeldFolder, last: string) => T): T {
    const { folder, last } = splitName(name);
    const held = this.hold(folder, false);
    try {
      return action(`${held.path}/${last}`, held, last);
    } finally {
      held.release();
    }
  }

  /**
   * What a link of a source leads to; undefined when it leads nowhere.
   *
   * @throws ForeignLink; the system's error
   */
  statsThroughLink(name: string): Stats | undefined {
    return this.inFolder(name, (_, { folder }, last) => {
      const place = openPlace(last, { uid: this.#rules.uid, ownersOwn: true }, true, folder);
      try {
        const stats = lstatSync(`${place.folder.path}/${place.name}`, { throwIfNoEntry: false });
        if (stats !== undefined && place.owner !== undefined && stats.uid !== place.owner)
          throw new ForeignLink(name);
        return stats;
      } finally {
        place.close();
      }
    });
  }

  /** Closes all that is open. */
  close(): void {
    for (const { folder } of this.#folders.values()) folder.close();
    this.#folders.clear();
    openFoldersClosed();
  }

  #open(name: string, create: boolean): Folder {
    const folder = this.#trying(() =>
      name === ""
        ? openFolder(this.#root, { ...this.#rules, create, ownersOwn: !create })
        : this.#openBelow(name, create),
    );
    const opened = { name, folder, users: 0 };
    this.#folders.set(name, opened);
    this.#idle++;
    return opened;
  }

  #trying(open: () => OpenFolder): OpenFolder {
    try {
      return open();
    } catch (error) {
      if (error instanceof ForeignLink) throw linkOfAnother(error.path);
      const { code } = error as NodeJS.ErrnoException;
      throw (code === "ENOTDIR" ? inTheWay(this.#root) : undefined) ?? error;
    }
  }

  #openBelow(name: string, create: boolean): OpenFolder {
    const { folder, last } = splitName(name);
    const parent = this.hold(folder, create);
    try {
      return this.#openChild(parent, last, name, create);
    } finally {
      parent.release();
    }
  }

  #openChild(parent: HeldFolder, last: string, name: string, create: boolean): OpenFolder {
    for (let attempt = 0; ; attempt++) {
      try {
        return parent.folder.enter(last);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOTDIR" || code === "ELOOP") return this.#otherwise(parent, last, name);
        // Idle folders make room for one that is wanted; its parent is in use, and stays.
        if (lacksDescriptors(error) && this.#closeIdle(0)) continue;
        if (code !== "ENOENT" || !create || attempt > 2) throw error;
        makeFolder(`${parent.path}/${last}`);
      }
    }
  }

  /** It is no folder: a link, which a source follows, or a file. */
  #otherwise({ folder, path }: HeldFolder, last: string, name: string): OpenFolder {
    const isLink = lstatSync(`${path}/${last}`, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const { uid, follows } = this.#rules;
    if (isLink && follows === true) return openFolder(last, { uid, ownersOwn: true }, folder);
    throw folderRefused(join(this.#root, name), isLink);
  }

  #release(held: Folder): void {
    if (--held.users > 0) return;
    this.#idle++;
    // Half of them, so that this is rare.
    if (this.#idle > this.#most) this.#closeIdle(this.#most / 2);
  }

  /**
   * Closes the idle folders that were opened first, but the root.
   *
   * @param keep how many may stay open
   * @returns whether any was closed
   */
  #closeIdle(keep: number): boolean {
    const before = this.#idle;
    for (const { name, folder, users } of this.#folders.values()) {
      if (this.#idle <= keep) break;
      if (users > 0 || name === "") continue;
      folder.close();
      this.#folders.delete(name);
      this.#idle--;
    }
    openFoldersClosed();
    return this.#idle < before;
  }
}

/** A file that stands where the root should be, as mkdir(2) tells of it. */
function inTheWay(root: string): Error | undefined {
  if (!statSync(root).isFile()) return undefined;
  return Object.assign(new Error("a file"), { code: "EEXIST", syscall: "mkdir" });
}

/** The folder and the last part of a name with `/` between folders. */
export function splitName(name: string): { folder: string; last: string } {
  const slash = name.lastIndexOf("/");
  return slash < 0
    ? { folder: "", last: name }
    : { folder: name.slice(0, slash), last: name.slice(slash + 1) };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
