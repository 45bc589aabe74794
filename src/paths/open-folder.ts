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

/**
 * A folder that stays the same one whatever happens to its path. Node has no openat(2), but on Linux
 * `/proc/self/fd/N/NAME` is one: it leads into the very folder that was opened. Where there is no /proc (macOS), `check`
 * compares device and inode with those that were found first; call it before and after each use.
 */
export class OpenFolder {
  /** What to put before `/NAME`. */
  readonly path: string;
  readonly #descriptors: string;
  readonly #fd: number | undefined;
  readonly #stats: Pick<Stats, "dev" | "ino"> | undefined;

  private constructor(path: string, descriptors: string) {
    this.#descriptors = descriptors;
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
   * @param descriptors another place than /proc/self/fd, for tests
   * @throws the system's error
   */
  static begin(path: string, descriptors = DESCRIPTORS): OpenFolder {
    return new OpenFolder(path, descriptors);
  }

  /** A folder in this one, or `..`. @throws the system's error: ENOTDIR for a file, and for a link */
  enter(name: string): OpenFolder {
    this.check();
    const path = this.path.endsWith("/") ? this.path + name : `${this.path}/${name}`;
    return new OpenFolder(path, this.#descriptors);
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
