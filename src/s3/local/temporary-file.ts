import { closeSync, futimesSync, openSync, renameSync, unlinkSync, write, writeSync } from "node:fs";
import { localFailure } from "../local-failures.js";
import type { NameSource } from "./temporary-names.js";

/**
 * A file in the making: everything goes to a temporary name beside the target, which is touched by nothing but the
 * rename at the end. Calls are synchronous: for files in the page cache a promise would cost more than the call.
 *
 * All methods throw a Failure that names the target.
 */
export class TemporaryFile {
  readonly #target: string;
  readonly #temporary: string;
  #fd: number | undefined;

  constructor(target: string, names: NameSource) {
    this.#target = target;
    this.#temporary = names.beside(target);
    // Refuses a link that somebody planted under the name; 0666 is for the umask to narrow.
    this.#fd = this.#attempt(() => openSync(this.#temporary, "wx+", 0o666));
  }

  get fd(): number {
    if (this.#fd === undefined) throw new Error("the file is closed");
    return this.#fd;
  }

  /** Writes all of the bytes from `position` on. */
  write(bytes: Buffer, position: number): void {
    this.#attempt(() => {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.fd, bytes, done, bytes.length - done, position + done);
    });
  }

  /** The same on a thread of the pool, so that receiving goes on meanwhile; the bytes must stay as they are. */
  writeAside(bytes: Buffer, position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      write(this.fd, bytes, 0, bytes.length, position, (error, written) => {
        if (error !== null) return reject(localFailure("write", this.#target, error));
        try {
          // A full disk takes a part first, and says so at the next call.
          this.write(bytes.subarray(written), position + written);
          resolve();
        } catch (failure) {
          reject(failure);
        }
      });
    });
  }

  /** Puts the file in its place, with the time of its last change in ms since the epoch where it is known. */
  finish(modified: number | undefined): void {
    this.#attempt(() => {
      if (modified !== undefined) futimesSync(this.fd, modified / 1000, modified / 1000);
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
