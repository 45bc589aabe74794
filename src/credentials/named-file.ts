import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { checkInheritedPath } from "../paths/inherited-descriptor.js";
import { fileText } from "./file-text.js";
import { readWhole, tooLarge } from "./secret-file.js";

/**
 * The whole text of a file that the user named. A fifo (`<(…)`), a pipe or a terminal is waited for without blocking the
 * process, so that a signal ends it.
 *
 * @param limit bytes
 * @throws the system's error, or an Error with a sentence for its message
 */
export async function readNamedFile(path: string, limit: number): Promise<string> {
  checkInheritedPath(path);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(file);
  const stream = stat.isFIFO() || stat.isCharacterDevice() ? await streamOf(file) : undefined;
  if (stream !== undefined) return textOf(stream, limit);
  try {
    return readWhole(file, limit);
  } finally {
    closeSync(file);
  }
}

/** Reads when there is something to read; undefined for a device that never waits (/dev/null). */
async function streamOf(file: number): Promise<Readable | undefined> {
  if (fstatSync(file).isFIFO()) {
    const { Socket } = await import("node:net");
    return new Socket({ fd: file, readable: true });
  }
  const { isatty, ReadStream } = await import("node:tty");
  return isatty(file) ? new ReadStream(file) : undefined;
}

async function textOf(stream: Readable, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size > limit) throw tooLarge(limit);
  }
  return fileText(Buffer.concat(parts));
}
