import { write, writeSync } from "node:fs";
import { localFailure } from "../local-failures.js";

/**
 * An open file that is written at offsets. Its descriptor belongs to someone else. Both methods throw a Failure that
 * names the file.
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

  /** The same on a thread of the pool, so that receiving goes on meanwhile; the bytes must stay as they are. */
  writeAside(bytes: Buffer, position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      write(this.fd, bytes, 0, bytes.length, position, (error, written) => {
        if (error !== null) return reject(localFailure("write", this.#path, error));
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
}
