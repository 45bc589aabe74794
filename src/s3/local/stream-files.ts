import { read, write } from "node:fs";
import { promisify } from "node:util";
import { readerGone } from "../failures.js";
import { localFailure } from "../local-failures.js";

const writeAt = promisify(write);
const readAt = promisify(read);

/** Between tries on a pipe that another process has made non-blocking. */
const FULL_PIPE_MS = 5;

/** Writes all of a chunk to a stream, waiting for its reader. @throws Failure when the reader went away */
export async function writeFully(
  fd: number,
  chunk: Buffer,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    try {
      const { bytesWritten } = await writeAt(fd, chunk, done, chunk.length - done, null);
      done += bytesWritten;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") throw readerGone(error);
      if (code !== "EAGAIN") throw localFailure("write", "the output", error);
      await sleep(FULL_PIPE_MS);
    }
  }
}

/** Fills a buffer from a stream. @returns the bytes read; fewer than asked for at the stream's end only */
export async function readFully(
  fd: number,
  buffer: Buffer,
  sleep: (ms: number) => Promise<void>,
): Promise<number> {
  let done = 0;
  while (done < buffer.length) {
    try {
      const { bytesRead } = await readAt(fd, buffer, done, buffer.length - done, null);
      if (bytesRead === 0) break;
      done += bytesRead;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows reports the end of a pipe so.
      if (code === "EOF") break;
      if (code !== "EAGAIN") throw localFailure("read", "the input", error);
      await sleep(FULL_PIPE_MS);
    }
  }
  return done;
}
