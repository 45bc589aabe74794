import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { openFoldersClosed } from "../local/temporary-names.js";
import { folderRefused } from "./failures.js";

/** A folder that files are written into. `release` it when its file is done. */
export interface HeldFolder {
  /** What to put before `/NAME`. It leads to this very folder even when the folder is moved or replaced meanwhile. */
  readonly path: string;
  release(): void;
}

interface Folder {
  readonly name: string;
  readonly path: string;
  readonly fd: number | undefined;
  users: number;
}

/** Folders kept open that nobody uses just now. */
const IDLE_FOLDERS = 64;

/**
 * The folders below a target root, made when they are needed and held open while files are written into them. Each is
 * opened from its parent without following links, and used as `/proc/self/fd/N`: neither a symbolic link that lies
 * there nor one that somebody puts in place of a folder while we write can lead outside. Without /proc (macOS) each
 * folder is looked at once before its first use.
 */
export class TargetFolders {
  readonly #root: string;
  readonly #create: boolean;
  readonly #byDescriptor: boolean;
  readonly #folders = new Map<string, Folder>();
  #idle = 0;

  /**
   * @param root absolute path; links in it are the user's own and are followed
   * @param create makes folders that are missing
   */
  constructor(root: string, create: boolean) {
    this.#root = root;
    this.#create = create;
    this.#byDescriptor = existsSync("/proc/self/fd");
  }

  /**
   * @param name relative to the root, `""` for the root itself, with `/` between folders
   * @throws Failure `folder-is-link`, `folder-is-file` when a part of it is a link or a file; the system's own error otherwise
   */
  hold(name: string): HeldFolder {
    const folder = this.#folders.get(name) ?? this.#open(name);
    if (folder.users++ === 0) this.#idle--;
    return { path: folder.path, release: () => this.#release(folder) };
  }

  /** Closes all that is open. */
  close(): void {
    for (const folder of this.#folders.values()) if (folder.fd !== undefined) closeSync(folder.fd);
    this.#folders.clear();
  }

  #open(name: string): Folder {
    const folder = name === "" ? this.#openRoot() : this.#openBelow(name);
    this.#folders.set(name, folder);
    this.#idle++;
    return folder;
  }

  #openRoot(): Folder {
    if (this.#create) mkdirSync(this.#root, { recursive: true });
    if (!this.#byDescriptor) return { name: "", path: this.#root, fd: undefined, users: 0 };
    const fd = openSync(this.#root, constants.O_RDONLY | constants.O_DIRECTORY);
    return { name: "", path: `/proc/self/fd/${fd}`, fd, users: 0 };
  }

  #openBelow(name: string): Folder {
    const slash = name.lastIndexOf("/");
    const parent = this.hold(slash < 0 ? "" : name.slice(0, slash));
    try {
      const path = `${parent.path}/${name.slice(slash + 1)}`;
      const fd = this.#openChild(path, name);
      return { name, path: fd === undefined ? path : `/proc/self/fd/${fd}`, fd, users: 0 };
    } finally {
      parent.release();
    }
  }

  #openChild(path: string, name: string): number | undefined {
    for (let attempt = 0; ; attempt++) {
      try {
        if (this.#byDescriptor) {
          return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
        }
        const stats = lstatSync(path);
        if (stats.isDirectory()) return undefined;
        throw folderRefused(join(this.#root, name), stats.isSymbolicLink());
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EMFILE" && this.#closeIdle(0)) continue;
        if (code === "ENOTDIR" || code === "ELOOP") throw this.#refusal(path, name);
        if (code !== "ENOENT" || !this.#create || attempt > 2) throw error;
        makeFolder(path);
      }
    }
  }

  #refusal(path: string, name: string): Error {
    const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return folderRefused(join(this.#root, name), link);
  }

  #release(folder: Folder): void {
    if (--folder.users > 0) return;
    this.#idle++;
    // Half of them, so that this is rare.
    if (this.#idle > IDLE_FOLDERS) this.#closeIdle(IDLE_FOLDERS / 2);
  }

  /**
   * Closes the idle folders that were opened first.
   *
   * @param keep how many may stay open
   * @returns whether any was closed
   */
  #closeIdle(keep: number): boolean {
    const before = this.#idle;
    for (const folder of this.#folders.values()) {
      if (this.#idle <= keep) break;
      if (folder.users > 0) continue;
      if (folder.fd !== undefined) closeSync(folder.fd);
      this.#folders.delete(folder.name);
      this.#idle--;
    }
    openFoldersClosed();
    return this.#idle < before;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
