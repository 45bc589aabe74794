import { readSync } from "node:fs";
import { ShortFile } from "../local/short-file.js";
import { type Checksum, type ChecksumName, newChecksum } from "./algorithms.js";

/**
 * The checksum of `length` bytes of an open file from `start` on.
 *
 * @throws ShortFile when the file ends before
 */
export function checksumOfFile(name: ChecksumName, fd: number, start: number, length: number): Buffer {
  const checksum = newChecksum(name);
  updateFromFile(checksum, fd, start, length);
  return checksum.digest();
}

/** Feeds a chunk of a file to a checksum, read straight into its window. */
function updateFromFile(checksum: Checksum, fd: number, start: number, length: number): void {
  const { window } = checksum;
  for (let done = 0; done < length; ) {
    const read = readSync(fd, window, 0, Math.min(window.length, length - done), start + done);
    if (read === 0) throw new ShortFile(`${length - done} bytes are missing`);
    checksum.updateFromWindow(read);
    done += read;
  }
}
