import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { checkInheritedPath } from "./inherited-descriptor.js";

/** Far above any bundle of certificates. */
const LIMIT = 16 * 1024 * 1024;

/** How long the writer of a fifo or pipe (`<(…)`) is waited for, ms: nothing else happens in that time, no signal either. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 10;

/**
 * The bytes of a file that an option names: a key, a bundle of certificates.
 *
 * @throws the system's error, or an Error with a sentence for its message
 */
export function readOptionFile(path: string): Buffer {
  checkInheritedPath(path);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isFifo = fstatSync(file).isFIFO();
    const parts: Buffer[] = [];
    let size = 0;
    let left = PATIENCE_MS;
    for (;;) {
      const part = readPart(file);
      if (part === undefined || (part.length === 0 && isFifo && size === 0)) {
        if (left <= 0) throw new Error(`nothing came within ${PATIENCE_MS / 1000} s`);
        left -= PAUSE_MS;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
        continue;
      }
      if (part.length === 0) return Buffer.concat(parts);
      size += part.length;
      if (size > LIMIT) throw new Error(`it is larger than ${LIMIT / 1024 ** 2} MiB`);
      parts.push(part);
    }
  } finally {
    closeSync(file);
  }
}

/** What there is to read now; empty at the end, or while a fifo has no writer; undefined when one has written nothing yet. */
function readPart(file: number): Buffer | undefined {
  const buffer = Buffer.alloc(64 * 1024);
  try {
    return buffer.subarray(0, readSync(file, buffer));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}
