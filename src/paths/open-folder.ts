import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, type Stats } from "node:fs";

/** open(2) of Linux: only the place. It asks for the right to search a folder, not to read it. Node has no name for it. */
const O_PATH = 0o10000000;

/** Where Linux shows what a process has open. */
const DESCRIPTORS = "/proc/self/fd";

const known = new Map<string, boolean>();

/** Whether folders can be used by their descriptors. Asked for once: it does not change while we run. */
function hasDescriptors(descriptors: string): boolean {
  let has = known.get(descriptors);
  if (has === undefined) {
    has = existsSync(descriptors);
    known.set(descriptors, has);
  }
  return has;
}

/** Another folder stands where one was opened: only where there is no /proc to go by. */
class FolderReplaced extends Error {
  readonly code = "ESTALE";
  readonly syscall = "open";
}

/** Somebody else can put another folder, or a link, in the place of one on the way: only where there is no /proc. */
class FolderOfOthers extends Error {
  readonly code = "ERR_FOLDER_OF_OTHERS";
  readonly syscall = "open";
}

const SHARED = 0o022;
const STICKY = 0o1000;

/**
 * A folder that stays the same one whatever happens to its path. Node has no openat(2), but on Linux
 * `/proc/self/fd/N/NAME` is one: it leads into the very folder that was opened. Where there is no /proc (macOS), `check`
 * compares device and inode with those that were found first; call it before and after each use. That notices a folder
 * which is exchanged, too late: so none is entered there that another user could exchange.
 */
export class OpenFolder {
  /** What to put before `/NAME`. */
  readonly path: string;
  readonly #descriptors: string;
  readonly #fd: number | undefined;
  readonly #uid: number | undefined;
  readonly #stats: Stats | undefined;

  private constructor(path: string, descriptors: string, uid: number | undefined) {
    this.#descriptors = descriptors;
    this.#uid = uid;
    if (hasDescriptors(descriptors)) {
      const { O_DIRECTORY, O_NOFOLLOW } = constants;
      this.#fd = openSync(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
      this.path = `${descriptors}/${this.#fd}`;
    } else {
      this.path = path;
      const stats = lstatSync(path);
      if (!stats.isDirectory())
        throw Object.assign(new Error(`${path}: not a folder`), { code: "ENOTDIR", syscall: "open" });
      this.#stats = stats;
    }
  }

  /**
   * @param path `/`, or the working folder, or a volume of Windows: where a path begins, which is nobody's link
   * @param uid our user id; undefined: the system has none
   * @param descriptors another place than /proc/self/fd, for tests
   * @throws the system's error
   */
  static begin(path: string, uid: number | undefined, descriptors = DESCRIPTORS): OpenFolder {
    return new OpenFolder(path, descriptors, uid);
  }

  /**
   * A folder in this one, or `..`.
   *
   * @throws the system's error: ENOTDIR for a file, and for a link; ERR_FOLDER_OF_OTHERS
   */
  enter(name: string): OpenFolder {
    this.check();
    const path = this.path.endsWith("/") ? this.path + name : `${this.path}/${name}`;
    const folder = new OpenFolder(path, this.#descriptors, this.#uid);
    if (name !== "." && name !== ".." && this.#canBeExchanged(folder))
      throw new FolderOfOthers(`${path} can be replaced by another user`);
    return folder;
  }

  /** Whether another user can put something else in the place of a folder in this one. */
  #canBeExchanged({ owner }: OpenFolder): boolean {
    const stats = this.#stats;
    if (stats === undefined || this.#uid === undefined) return false;
    const isTrusted = (uid: number) => uid === this.#uid || uid === 0;
    const keepsOurs = (stats.mode & STICKY) !== 0 && isTrusted(owner);
    return !isTrusted(stats.uid) || ((stats.mode & SHARED) !== 0 && !keepsOurs);
  }

  /** The owner's user id. */
  get owner(): number {
    return this.#look().uid;
  }

  /** Device and inode. */
  get identity(): string {
    const { dev, ino } = this.#look();
    return `${dev}:${ino}`;
  }

  /** @throws an error with the code ESTALE when another folder has taken the place */
  check(): void {
    if (this.#stats === undefined) return;
    const { dev, ino } = lstatSync(this.path);
    if (dev !== this.#stats.dev || ino !== this.#stats.ino)
      throw new FolderReplaced(`${this.path} was replaced by another folder`);
  }

  #look(): Stats {
    return this.#fd === undefined ? lstatSync(this.path) : fstatSync(this.#fd);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}
