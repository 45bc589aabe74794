import { closeSync, futimesSync, openSync, renameSync, unlinkSync } from "node:fs";
import { localFailure } from "../local-failures.js";
import type { NameSource } from "./temporary-names.js";
import { WritableFile } from "./writable-file.js";

/**
 * A file in the making: everything goes to a temporary name beside the target, which is touched by nothing but the
 * rename at the end. Calls are synchronous: for files in the page cache a promise would cost more than the call.
 *
 * All methods throw a Failure that names the target.
 */
export class TemporaryFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #content: WritableFile;
  #fd: number | undefined;

  constructor(target: string, names: NameSource) {
    this.#target = target;
    this.#temporary = names.beside(target);
    // Refuses a link that somebody planted under the name; 0666 is for the umask to narrow.
    this.#fd = this.#attempt(() => openSync(this.#temporary, "wx+", 0o666));
    this.#content = new WritableFile(this.#fd, target);
  }

  /** What has been opened; not to be used after `finish` or `discard`. */
  get content(): WritableFile {
    if (this.#fd === undefined) throw new Error("the file is closed");
    return this.#content;
  }

  /** Puts the file in its place, with the time of its last change in ms since the epoch where it is known. */
  finish(modified: number | undefined): void {
    this.#attempt(() => {
      if (modified !== undefined) futimesSync(this.content.fd, modified / 1000, modified / 1000);
      this.#close();
      renameSync(this.#temporary, this.#target);
    });
  }

  /** Leaves nothing behind; never throws. */
  discard(): void {
    try {
      this.#close();
    } catch {
      // It is removed all the same.
    }
    try {
      unlinkSync(this.#temporary);
    } catch {
      // Gone already.
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw localFailure("write", this.#target, error);
    }
  }
}
