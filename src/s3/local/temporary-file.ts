import { closeSync, futimesSync, openSync, renameSync, unlinkSync } from "node:fs";
import { localFailure } from "../local-failures.js";
import { type FilePlace, type HeldPlace, holdPlace } from "./file-place.js";
import type { TemporaryNames } from "./temporary-names.js";
import { WritableFile } from "./writable-file.js";

/** Names to try when others have taken those before. */
const TRIES = 100;

/**
 * A file in the making: everything goes to a temporary name beside the target, which is touched by nothing but the
 * rename at the end. Its folder is held open until then. Calls are synchronous: for files in the page cache a promise
 * would cost more than the call.
 *
 * All methods throw a Failure that names the target.
 */
export class TemporaryFile {
  /** What failures call the target. */
  readonly #shown: string;
  readonly #place: HeldPlace;
  readonly #temporary: string;
  readonly #content: WritableFile;
  #fd: number | undefined;
  #held = true;

  constructor(target: FilePlace, names: TemporaryNames) {
    this.#shown = target.path;
    this.#place = this.#attempt(() => holdPlace(target));
    try {
      const { fd, temporary } = this.#attempt(() => this.#open(names));
      this.#fd = fd;
      this.#temporary = temporary;
      this.#content = new WritableFile(fd, this.#shown);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** What has been opened; not to be used after `finish` or `discard`. */
  get content(): WritableFile {
    if (this.#fd === undefined) throw new Error("the file is closed");
    return this.#content;
  }

  /**
   * Puts the file in its place.
   *
   * @param modified the time of its last change in ms since the epoch, where it is known
   * @returns why the file system did not take that time, when it did not: the file is there all the same
   */
  finish(modified: number | undefined): Error | undefined {
    return this.#attempt(() => {
      const refused = modified === undefined ? undefined : this.#setTime(modified / 1000);
      this.#close();
      this.#place.checkFolder();
      this.#place.checkTarget();
      renameSync(this.#temporary, this.#place.path);
      this.#release();
      return refused;
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
      if (this.#held) unlinkSync(this.#temporary);
    } catch {
      // Gone already.
    }
    this.#release();
  }

  #open(names: TemporaryNames): { fd: number; temporary: string } {
    this.#place.checkFolder();
    for (let tries = 1; ; tries++) {
      const temporary = names.beside(this.#place.path);
      try {
        // Refuses a link that somebody planted under the name; 0666 is for the umask to narrow.
        return { fd: openSync(temporary, "wx+", 0o666), temporary };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || tries >= TRIES) throw error;
      }
    }
  }

  #setTime(seconds: number): Error | undefined {
    try {
      futimesSync(this.content.fd, seconds, seconds);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #release(): void {
    if (this.#held) this.#place.release();
    this.#held = false;
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw localFailure("write", this.#shown, error);
    }
  }
}
