import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { SkipReason } from "../../output/notice.js";
import type { Entries } from "./entries.js";
import { compareKeys } from "./key-order.js";
import { GONE, LINK_LOOP, NOT_UTF8, SPECIAL_FILE, UNREADABLE } from "./notices.js";

/** A file below a local root. Its state is read only when somebody asks. */
export class LocalEntry {
  readonly name: string;
  readonly path: string;
  #stats: Stats | undefined;

  constructor(name: string, path: string, stats?: Stats) {
    this.name = name;
    this.path = path;
    this.#stats = stats;
  }

  /** Size, times, kind; undefined when it has gone meanwhile. Symbolic links are followed. */
  get stats(): Stats | undefined {
    this.#stats ??= statSync(this.path, { throwIfNoEntry: false });
    return this.#stats;
  }
}

export interface LocalEntriesOptions {
  readonly followSymlinks: boolean;
  /** Symbolic links to folders are left out: what they lead to is not ours to compare or delete. */
  readonly staysInside: boolean;
  readonly accepts: (name: string) => boolean;
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
  readonly names: readonly string[];
  index: number;
  /** Device and inode, to notice a link that leads back; only where links are followed. */
  readonly identity: string | undefined;
}

/**
 * The files below a folder in the order in which S3 lists their keys, one folder in memory at a time (of each level):
 * a folder sorts as if its name ended in `/`.
 */
export class LocalEntries implements Entries<LocalEntry> {
  readonly #options: LocalEntriesOptions;
  readonly #levels: Level[] = [];

  /** @param root absolute path of a folder; a missing one has no entries */
  constructor(root: string, options: LocalEntriesOptions) {
    this.#options = options;
    this.#enter(root, "");
  }

  next(): LocalEntry | undefined {
    for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
      const name = level.names[level.index++];
      if (name === undefined) {
        this.#levels.pop();
      } else if (name.endsWith("/")) {
        this.#enter(join(level.path, name.slice(0, -1)), level.prefix + name);
      } else {
        const relative = level.prefix + name;
        if (this.#options.accepts(relative)) return new LocalEntry(relative, `${level.path}/${name}`);
      }
    }
    return undefined;
  }

  #enter(path: string, prefix: string): void {
    let found: Dirent[];
    try {
      found = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || prefix !== "") {
        this.#options.warn(path, UNREADABLE);
      }
      return;
    }
    const identity = this.#options.followSymlinks ? identityOf(path) : undefined;
    if (identity !== undefined && this.#levels.some((level) => level.identity === identity)) {
      this.#options.warn(path, LINK_LOOP);
      return;
    }
    const names = found.flatMap((entry) => this.#nameOf(entry, path) ?? []).sort(compareKeys);
    this.#levels.push({ path, prefix, names, index: 0, identity });
  }

  /** The name to sort by; undefined for what is left out, with a warning where the AWS CLI gives one. */
  #nameOf(entry: Dirent, folder: string): string | undefined {
    const { name } = entry;
    if (entry.isFile()) return this.#fileName(name, folder);
    if (entry.isDirectory()) return `${name}/`;
    const path = join(folder, name);
    if (entry.isSymbolicLink()) {
      if (!this.#options.followSymlinks) return undefined;
      const stats = statOrNothing(path);
      if (stats?.isFile()) return this.#fileName(name, folder);
      if (stats?.isDirectory()) return this.#options.staysInside ? undefined : `${name}/`;
      if (stats === undefined) {
        this.#options.warn(path, GONE);
        return undefined;
      }
    }
    this.#options.warn(path, SPECIAL_FILE);
    return undefined;
  }

  #fileName(name: string, folder: string): string | undefined {
    if (this.#options.ignores(name)) return undefined;
    // What Node could not decode has the replacement character in it, and cannot be opened by that name.
    if (name.includes("\ufffd") && statOrNothing(join(folder, name)) === undefined) {
      this.#options.warn(join(folder, name), NOT_UTF8);
      return undefined;
    }
    return name;
  }
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A loop of links, or a folder that may not be searched.
    return undefined;
  }
}

function identityOf(path: string): string | undefined {
  const stats = statOrNothing(path);
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
