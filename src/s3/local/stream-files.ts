import { closeSync, constants, fstatSync, openSync, read, write } from "node:fs";
import { type OnReadOpts, Socket } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty, ReadStream } from "node:tty";
import { promisify } from "node:util";
import { wasClosed } from "../../paths/closed-stream.js";
import { readerGone } from "../failures.js";
import { localFailure } from "../local-failures.js";
import { Filling } from "./filling.js";

/** What a pipe of Linux holds. */
const READ_AT_ONCE = 64 * 1024;

const writeFile = promisify(write);
const readFile = promisify(read);

/** Takes bytes in order. */
export interface Outlet {
  /** Resolves when the reader has room for more. @throws Failure, when the reader went away too */
  write(chunk: Buffer): Promise<void>;
  close(): void;
}

/** Gives bytes in order. */
export interface Inlet {
  /** Fills the buffer. @returns the bytes read; fewer than it takes at the end only */
  fill(buffer: Buffer): Promise<number>;
  close(): void;
}

/**
 * A pipe as a socket of the event loop; undefined for anything else. A thread that waits in read() or write() would keep
 * the process from ending after a signal. It is opened afresh, because O_NONBLOCK on the descriptor itself would be seen
 * by every process that shares it.
 */
function pipeSocket(
  fd: number,
  flags: number,
  more: { readonly onread?: OnReadOpts } = {},
): Socket | undefined {
  const stat = fstatSync(fd);
  if (stat.isSocket()) return new Socket({ fd, ...more });
  if (!stat.isFIFO()) return undefined;
  const own = openSync(`/proc/self/fd/${fd}`, flags | constants.O_NONBLOCK);
  try {
    return new Socket({
      fd: own,
      readable: flags === constants.O_RDONLY,
      writable: flags === constants.O_WRONLY,
      ...more,
    });
  } catch {
    closeSync(own);
    return undefined;
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    // No /proc, or a pipe of another user: then a thread must wait.
    return undefined;
  }
}

function writeFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  // A socket whose reader leaves with bytes unread is reset.
  const isGone = code === "EPIPE" || code === "ECONNRESET";
  return isGone ? readerGone(error) : localFailure("write", "the output", error);
}

function socketOutlet(socket: Writable): Outlet {
  // It may come between two writes: the next one then fails for being late.
  let lost: Error | undefined;
  socket.on("error", (error) => {
    lost ??= error;
  });
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        socket.write(chunk, (error) => (error ? reject(writeFailure(lost ?? error)) : resolve()));
      }),
    close: () => void socket.destroy(),
  };
}

/** How often a device that was opened without waiting is looked at for room: a terminal that was stopped by ^S. */
const LOOK_MS = 20;

/** @returns the bytes that were taken; 0 when there was no room for any */
async function written(fd: number, bytes: Buffer): Promise<number> {
  try {
    return (await writeFile(fd, bytes, 0, bytes.length, null)).bytesWritten;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    await sleep(LOOK_MS);
    return 0;
  }
}

function fileOutlet(fd: number): Outlet {
  return {
    async write(chunk) {
      try {
        for (let done = 0; done < chunk.length; ) done += await written(fd, chunk.subarray(done));
      } catch (error) {
        throw writeFailure(error);
      }
    },
    close: () => undefined,
  };
}

function fileInlet(fd: number): Inlet {
  return {
    async fill(buffer) {
      let done = 0;
      while (done < buffer.length) {
        const { bytesRead } = await readFile(fd, buffer, done, buffer.length - done, null).catch(
          (error: unknown) => {
            throw localFailure("read", "the input", error);
          },
        );
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    close: () => undefined,
  };
}

/** A socket whose bytes go to `filling`. */
function inletOf(socket: Socket, filling: Filling): Inlet {
  socket.on("end", () => filling.end());
  socket.on("error", (error) => filling.fail(localFailure("read", "the input", error)));
  return {
    fill: (target) => filling.fill(target, () => socket.resume()),
    close: () => void socket.destroy(),
  };
}

function terminalInlet(fd: number): Inlet {
  const filling = new Filling();
  const stream = new ReadStream(fd);
  stream.on("data", (chunk: Buffer) => {
    if (!filling.take(chunk)) stream.pause();
  });
  return inletOf(stream, filling);
}

/** undefined: it is no pipe. */
function pipeInlet(fd: number): Inlet | undefined {
  const filling = new Filling();
  const buffer = Buffer.allocUnsafeSlow(READ_AT_ONCE);
  const onread = { buffer, callback: (size: number) => filling.take(buffer.subarray(0, size)) };
  const socket = pipeSocket(fd, constants.O_RDONLY, { onread });
  return socket === undefined ? undefined : inletOf(socket, filling);
}

/** What the system says of a stream that is closed. */
function closed(): Error {
  return Object.assign(new Error("EBADF: bad file descriptor"), { code: "EBADF", syscall: "fstat" });
}

/**
 * Standard output, a fifo or a device, by its descriptor, which stays the caller's.
 *
 * @throws Failure `local-missing`, of a standard output that was closed
 */
export function openOutlet(fd: number): Outlet {
  if (fd === 1 && wasClosed(1)) throw localFailure("write", "the output", closed());
  const socket = attempt(() => pipeSocket(fd, constants.O_WRONLY));
  return socket === undefined ? fileOutlet(fd) : socketOutlet(socket);
}

/**
 * Standard input, a fifo or a device, by its descriptor, which stays the caller's.
 *
 * @throws Failure `local-missing`, of a standard input that was closed
 */
export function openInlet(fd: number): Inlet {
  if (fd === 0 && wasClosed(0)) throw localFailure("read", "the input", closed());
  return attempt(() => (isatty(fd) ? terminalInlet(fd) : pipeInlet(fd))) ?? fileInlet(fd);
}
