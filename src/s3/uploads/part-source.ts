import { fstatSync, readSync, type Stats } from "node:fs";
import { type ChecksumName, newChecksum } from "../checksums/algorithms.js";
import { checksumOfFile } from "../checksums/of-file.js";
import { sourceChanged } from "../failures.js";
import { ShortFile } from "../local/short-file.js";
import { SpareBuffers } from "../local/spare-buffers.js";
import type { Inlet } from "../local/stream-files.js";
import { bufferBody, fileBody } from "../requests/bodies.js";
import type { Body } from "../requests/request.js";
import { MAX_STREAM_PART, streamPartSize } from "./part-size.js";

/** One part, or the whole of a small object, ready to be sent. */
export interface Part {
  readonly body: Body;
  checksum(name: ChecksumName): Buffer;
  /** It has been sent, and its memory may be used again. */
  release?(): void;
}

/** Where parts come from, in order. */
export interface PartSource {
  /** Parts that it has room for at once. */
  readonly window: number;
  /** The next part; undefined after the last. */
  next(): Promise<Part | undefined>;
  /** All parts have been sent. @throws Failure when the source changed meanwhile */
  finish(): void;
}

export function bufferPart(bytes: Buffer): Part {
  return {
    body: bufferBody(bytes),
    checksum: (name) => {
      const checksum = newChecksum(name);
      checksum.update(bytes);
      return checksum.digest();
    },
  };
}

export function filePart(fd: number, start: number, size: number): Part {
  const body = fileBody(fd, start, size);
  return {
    body,
    release: body.release,
    checksum: (name) => checksumOfFile(name, fd, start, size),
  };
}

/** All of an open file of `size` bytes, which are few: read once, for the checksum and the sending. @throws ShortFile */
export function smallPart(fd: number, size: number): Part {
  const bytes = Buffer.allocUnsafe(size);
  for (let done = 0; done < size; ) {
    const read = readSync(fd, bytes, done, size - done, done);
    if (read === 0) throw new ShortFile(`${size - done} bytes are missing`);
    done += read;
  }
  return bufferPart(bytes);
}

/**
 * Watches that an open file stays what it was.
 *
 * @param before its state when it was opened
 * @returns throws a Failure when it did not
 */
export function watchFile(fd: number, before: Stats, path: string): () => void {
  return () => {
    const after = fstatSync(fd);
    // A program may set the time of a file's contents back, but not the other.
    const isSame = after.size === before.size && after.mtimeMs === before.mtimeMs;
    if (!isSame || after.ctimeMs !== before.ctimeMs) throw sourceChanged(path);
  };
}

/**
 * The parts of an open file of `size` bytes.
 *
 * @param finish throws when the file has changed meanwhile
 */
export function fileParts(fd: number, size: number, partSize: number, finish: () => void): PartSource {
  let start = 0;
  return {
    window: Number.POSITIVE_INFINITY,
    next: async () => {
      if (start >= size) return undefined;
      const part = filePart(fd, start, Math.min(partSize, size - start));
      start += partSize;
      return part;
    },
    finish,
  };
}

/** Parts of a stream stand in memory while they are sent: so many of them at most … */
const STREAM_WINDOW = 4;

/** … and no more bytes of them than one of the largest has. */
const STREAM_MEMORY = MAX_STREAM_PART;

/** Memory that parts of a stream stand in; what has been sent makes room for what comes. */
class StreamMemory {
  #held: number;
  readonly #spare = new SpareBuffers();
  #freed: () => void = () => undefined;

  /** @param first is held already */
  constructor(first: Buffer) {
    this.#held = first.length;
  }

  /** Waits until there is room. */
  async take(size: number): Promise<Buffer> {
    while (this.#held + size > STREAM_MEMORY)
      await new Promise<void>((resolve) => {
        this.#freed = resolve;
      });
    this.#held += size;
    return this.#spare.take(size).subarray(0, size);
  }

  give(buffer: Buffer): void {
    this.#held -= buffer.length;
    this.#spare.give(buffer);
    this.#freed();
  }
}

/**
 * The parts of a stream.
 *
 * @param first what has been read of it: a whole part
 * @param partSize bytes; grows in the course of a long stream
 */
export function streamParts(inlet: Inlet, first: Buffer, partSize: number): PartSource {
  const memory = new StreamMemory(first);
  let number = 0;
  let ended = false;
  let reading: Promise<unknown> = Promise.resolve();
  const part = (buffer: Buffer, length: number): Part => ({
    ...bufferPart(buffer.subarray(0, length)),
    release: () => memory.give(buffer),
  });
  const read = async (): Promise<Part | undefined> => {
    number++;
    if (ended) return undefined;
    if (number === 1) return part(first, first.length);
    const buffer = await memory.take(streamPartSize(number, partSize));
    const length = await inlet.fill(buffer);
    ended = length < buffer.length;
    return length === 0 ? undefined : part(buffer, length);
  };
  return {
    window: STREAM_WINDOW,
    // One after the other: two reads at once would mix up the order.
    next: () => {
      const part = reading.then(read);
      reading = part.catch(() => undefined);
      return part;
    },
    finish: () => undefined,
  };
}
