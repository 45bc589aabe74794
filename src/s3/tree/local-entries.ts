import { lstatSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../failure.js";
import type { SkipReason } from "../../output/notice.js";
import { ForeignLink } from "../../paths/walk.js";
import { descriptorsMayBeFree, lacksDescriptors } from "../local/descriptors.js";
import type { Entries } from "./entries.js";
import type { HeldFolder, HeldFolders } from "./held-folders.js";
import { compareKeys } from "./key-order.js";
import { FOREIGN_LINK, GONE, LINK_LOOP, NOT_UTF8, SPECIAL_FILE, UNREADABLE } from "./notices.js";
import { type FolderContent, type FolderEntry, readFolder } from "./read-folder.js";

/** A file below a local root. Its state is read only when somebody asks. */
export class LocalEntry {
  readonly name: string;
  readonly path: string;
  readonly #look: () => Stats | undefined;
  readonly #problem: SkipReason | undefined;
  #stats: Stats | undefined;

  /**
   * @param path for people
   * @param look reads its state; undefined when it has gone
   * @param problem what the walk has warned of: the name is taken, but there is no file to transfer or to delete
   */
  constructor(name: string, path: string, look: () => Stats | undefined, problem?: SkipReason) {
    this.name = name;
    this.path = path;
    this.#look = look;
    this.#problem = problem;
  }

  /** Size, times, kind; undefined when it has gone meanwhile or cannot be looked at. Symbolic links are followed. */
  get stats(): Stats | undefined {
    if (this.#stats === undefined && this.#problem === undefined) this.#read();
    return this.#stats;
  }

  /** Whether the walk has warned of it, and it is to be left alone. */
  get isSkipped(): boolean {
    return this.#problem !== undefined;
  }

  #read(): void {
    try {
      this.#stats = this.#look();
    } catch {
      // Its folder may be read but not searched: the file is known to be there, and no more.
    }
  }
}

export interface LocalEntriesOptions {
  readonly followSymlinks: boolean;
  /** Symbolic links to folders are left out: what they lead to is not ours to compare or delete. */
  readonly staysInside: boolean;
  readonly accepts: (name: string) => boolean;
  /** Whether `accepts` may take any name below a folder, whose name ends in `/`; others are not even opened. */
  readonly mayAcceptBelow: (folder: string) => boolean;
  /** Told of what cannot be read. */
  readonly warn: (path: string, reason: SkipReason) => void;
  /** Names to leave out: temporary files of a copy. */
  readonly ignores: (name: string) => boolean;
}

interface Level {
  readonly path: string;
  /** Of its entries' names: `sub/` in `sub/a`. */
  readonly prefix: string;
  /** Sorted; a folder's name ends in `/`. */
  names: readonly string[];
  /** What is wrong with those that are there but no files to transfer, by name. */
  readonly problems: Map<string, SkipReason>;
  index: number;
  /** Device and inode, to notice a link that leads back; only where links are followed. */
  readonly identity: string | undefined;
}

/**
 * The files below a folder in the order in which S3 lists their keys, one folder in memory at a time (of each level):
 * a folder sorts as if its name ended in `/`.
 */
export class LocalEntries implements Entries<LocalEntry> {
  readonly #root: string;
  readonly #folders: HeldFolders;
  readonly #options: LocalEntriesOptions;
  readonly #levels: Level[] = [];
  #begun = false;
  #held: { readonly prefix: string; readonly folder: HeldFolder } | undefined;
  /**
   * The first folder that could not be read, or a link that may lead to one. What is below it is not known: names that
   * the walk does not tell may be there all the same.
   */
  unread: string | undefined;

  /**
   * @param root absolute path of a folder; a missing one has no entries
   * @param folders those below it, through which everything is opened; they stay the caller's
   */
  constructor(root: string, folders: HeldFolders, options: LocalEntriesOptions) {
    this.#root = root;
    this.#folders = folders;
    this.#options = options;
  }

  /** A promise only where there is no descriptor for a folder: until there is one again. */
  next(): LocalEntry | undefined | Promise<LocalEntry | undefined> {
    try {
      return this.#next();
    } catch (error) {
      if (!lacksDescriptors(error)) throw error;
      return descriptorsMayBeFree().then(() => this.next());
    }
  }

  #next(): LocalEntry | undefined {
    if (!this.#begun) this.#enter(this.#root, "");
    this.#begun = true;
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      const name = level.names[level.index];
      if (name === undefined) {
        this.#levels.pop();
      } else if (name.endsWith("/")) {
        this.#enter(join(level.path, name.slice(0, -1)), level.prefix + name);
        level.index++;
      } else {
        this.#holdFolderOf(level);
        level.index++;
        const path = `${level.path}/${name}`;
        const problem = level.problems.get(name);
        if (problem !== undefined) this.#options.warn(path, problem);
        return this.#entry(level.prefix + name, path, problem);
      }
    }
    this.#releaseFolder();
    return undefined;
  }

  /** Until the next entry is asked for: its state can then be read without another descriptor. */
  #holdFolderOf({ prefix }: Level): void {
    if (this.#held?.prefix === prefix) return;
    this.#releaseFolder();
    try {
      this.#held = { prefix, folder: this.#folders.hold(prefix.slice(0, -1), false) };
    } catch (error) {
      // A folder that is gone has files that are gone.
      if (lacksDescriptors(error)) throw error;
    }
  }

  #releaseFolder(): void {
    this.#held?.folder.release();
    this.#held = undefined;
  }

  #entry(name: string, path: string, problem: SkipReason | undefined): LocalEntry {
    const look = this.#options.followSymlinks ? statSync : lstatSync;
    return new LocalEntry(name, path, () => this.#folders.inFolder(name, (at) => look(at)), problem);
  }

  #enter(path: string, prefix: string): void {
    this.#releaseFolder();
    let held: HeldFolder | undefined;
    try {
      held = this.#folders.hold(prefix.slice(0, -1), false);
      this.#list(readFolder(held.path), held, path, prefix);
    } catch (error) {
      if (lacksDescriptors(error)) throw error;
      this.#notRead(path, prefix, error as Error);
    } finally {
      held?.release();
    }
  }

  #list({ entries, notUtf8 }: FolderContent, { folder }: HeldFolder, path: string, prefix: string): void {
    const identity = this.#options.followSymlinks ? folder.identity : undefined;
    if (identity !== undefined && this.#levels.some((level) => level.identity === identity)) {
      this.#unreadFolder(path, LINK_LOOP);
      return;
    }
    const level: Level = { path, prefix, names: [], problems: new Map(), index: 0, identity };
    for (const entry of notUtf8) this.#leaveOut(entry, level);
    level.names = entries.flatMap((entry) => this.#nameOf(entry, level) ?? []).sort(compareKeys);
    this.#levels.push(level);
  }

  /** A folder that is gone when it is opened holds nothing; after any other error nobody knows what it holds. */
  #notRead(path: string, prefix: string, error: NodeJS.ErrnoException | Failure): void {
    const code = error instanceof Failure ? error.id : error.code;
    // The AWS CLI looks for a root with a slash at its end: a file is not there then.
    const isFile = code === "EEXIST" && prefix === "" && !this.#options.staysInside;
    if (code === "foreign-link") this.#unreadFolder(path, FOREIGN_LINK);
    else if (isFile) this.#unreadFolder(`${path}/`, GONE);
    else if (code !== "ENOENT") this.#unreadFolder(path, UNREADABLE);
    else if (prefix === "" && !this.#options.staysInside) this.#unreadFolder(path, GONE);
  }

  #unreadFolder(path: string, reason: SkipReason): void {
    this.unread ??= path;
    this.#options.warn(path, reason);
  }

  /** The name to sort by; undefined for what is left out. */
  #nameOf(entry: FolderEntry, level: Level): string | undefined {
    if (entry.isFile()) return this.#fileName(entry.name, level);
    if (entry.isDirectory()) return this.#folderName(entry.name, level);
    if (entry.isSymbolicLink()) return this.#linkName(entry.name, level);
    return this.#problemName(entry.name, level, SPECIAL_FILE);
  }

  #folderName(name: string, { prefix }: Level): string | undefined {
    return this.#options.mayAcceptBelow(`${prefix}${name}/`) ? `${name}/` : undefined;
  }

  #linkName(name: string, level: Level): string | undefined {
    if (!this.#options.followSymlinks) return undefined;
    try {
      const stats = this.#throughLink(level.prefix + name);
      if (stats === undefined) return this.#problemName(name, level, GONE);
      if (stats.isFile()) return this.#fileName(name, level);
      if (!stats.isDirectory()) return this.#problemName(name, level, SPECIAL_FILE);
      return this.#options.staysInside ? undefined : this.#folderName(name, level);
    } catch (error) {
      if (lacksDescriptors(error)) throw error;
      if (error instanceof ForeignLink) return this.#problemName(name, level, FOREIGN_LINK);
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTDIR" || code === "ENOENT") return this.#problemName(name, level, GONE);
      // A loop leads to nothing in the AWS CLI's words; with sync --delete it may still be anything.
      this.#unreadLink(name, level, code === "ELOOP" ? GONE : UNREADABLE);
      return undefined;
    }
  }

  #throughLink(name: string): Stats | undefined {
    if (!this.#options.staysInside) return this.#folders.statsThroughLink(name);
    return this.#folders.inFolder(name, (path) => statSync(path));
  }

  /** No key has such a name, and no path of ours leads to it. */
  #leaveOut(entry: FolderEntry, { path, prefix }: Level): void {
    const { accepts, mayAcceptBelow, followSymlinks } = this.#options;
    if (entry.isSymbolicLink() && !followSymlinks) return;
    const name = prefix + entry.name;
    const isMeant = entry.isDirectory() ? mayAcceptBelow(`${name}/`) : accepts(name);
    if (isMeant) this.#options.warn(join(path, entry.name), NOT_UTF8);
  }

  /**
   * A loop of links, or one into a folder that may not be searched: a file may be behind it, or a whole tree. One whose own
   * name is excluded is no warning; what may be below it is not known all the same.
   */
  #unreadLink(name: string, { path, prefix }: Level, reason: SkipReason): void {
    const { accepts, mayAcceptBelow } = this.#options;
    if (accepts(prefix + name)) this.#unreadFolder(join(path, name), reason);
    else if (mayAcceptBelow(`${prefix}${name}/`)) this.unread ??= join(path, name);
  }

  #problemName(name: string, { prefix, problems }: Level, problem: SkipReason): string | undefined {
    if (!this.#options.accepts(prefix + name)) return undefined;
    problems.set(name, problem);
    return name;
  }

  #fileName(name: string, { prefix }: Level): string | undefined {
    if (this.#options.ignores(name) || !this.#options.accepts(prefix + name)) return undefined;
    return name;
  }
}
