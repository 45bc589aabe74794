import { writeSync } from "node:fs";
import { localFailure } from "../local-failures.js";

/**
 * An open file that is written at offsets. Its descriptor belongs to someone else. `write` throws a Failure that names
 * the file.
 */
export class WritableFile {
  readonly fd: number;
  readonly #path: string;

  /** @param path what failures call it */
  constructor(fd: number, path: string) {
    this.fd = fd;
    this.#path = path;
  }

  /** Writes all of the bytes from `position` on. */
  write(bytes: Buffer, position: number): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.fd, bytes, done, bytes.length - done, position + done);
    } catch (error) {
      throw localFailure("write", this.#path, error);
    }
  }
}
