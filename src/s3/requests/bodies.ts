import { createHash, hash } from "node:crypto";
import { readSync } from "node:fs";
import { ShortFile } from "../local/short-file.js";
import { SpareBuffers } from "../local/spare-buffers.js";
import type { Body } from "./request.js";

/** Bytes handed to the socket at once: each hand-over refreshes the idle limit and moves the progress. */
const CHUNK = 256 * 1024;

/** What is hashed at once and not kept can share its place. */
const HASHED = Buffer.allocUnsafeSlow(CHUNK);

/** Up to here a body goes to the socket in one go. */
export const SMALL_BODY = 64 * 1024;

/** Of bodies that have been sent. */
const spare = new SpareBuffers();

/** A body that stands in memory. */
export function bufferBody(bytes: Buffer): Body {
  return {
    size: bytes.length,
    ...(bytes.length <= SMALL_BODY ? { whole: bytes } : {}),
    hash: (name) => hash(name, bytes, "hex"),
    *chunks() {
      for (let from = 0; from < bytes.length; from += CHUNK) yield bytes.subarray(from, from + CHUNK);
    },
  };
}

/** The MD5 of a body in hex; undefined where FIPS 140 rules, which has none. */
export function md5Of(body: Body): string | undefined {
  try {
    return body.hash("md5");
  } catch {
    return undefined;
  }
}

/** Content-MD5 (RFC 1864). */
export function md5Header(body: Body): Record<string, string> {
  const hex = md5Of(body);
  return hex === undefined ? {} : { "content-md5": Buffer.from(hex, "hex").toString("base64") };
}

/**
 * Fills a buffer from a file.
 *
 * A read may bring less than was asked for. The rest is read at once: the buffer is filled anew only when the socket has
 * taken it, and a socket says so of what is larger than its own buffer, not of a few bytes that it keeps for later.
 */
function fill(buffer: Buffer, fd: number, position: number): void {
  for (let done = 0; done < buffer.length; ) {
    const read = readSync(fd, buffer, done, buffer.length - done, position + done);
    if (read === 0) throw new ShortFile(`${buffer.length - done} bytes are missing`);
    done += read;
  }
}

/**
 * `size` bytes of an open file from `start` on, read when they are sent: no part of a large file stands in memory.
 * `release` is for when the request has been answered.
 */
export function fileBody(fd: number, start: number, size: number): Body & { release(): void } {
  let sending: Buffer | undefined;
  function* readInto(buffer: Buffer): Generator<Uint8Array> {
    for (let done = 0; done < size; ) {
      const chunk = buffer.subarray(0, size - done);
      fill(chunk, fd, start + done);
      done += chunk.length;
      yield chunk;
    }
  }
  return {
    size,
    hash: (name) => {
      const hash = createHash(name);
      for (const chunk of readInto(HASHED)) hash.update(chunk);
      return hash.digest("hex");
    },
    // A buffer of its own: the socket may hold the last chunk for a while, that of a failed try for longer.
    chunks: () => {
      sending = size < CHUNK ? Buffer.allocUnsafeSlow(size) : spare.take(CHUNK);
      return readInto(sending);
    },
    release: () => {
      if (sending?.length === CHUNK) spare.give(sending);
      sending = undefined;
    },
  };
}
