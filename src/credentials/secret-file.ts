import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { secretUnreadable } from "./failures.js";
import { fileText } from "./file-text.js";

/** Far above any URI or token. */
const LIMIT = 64 * 1024;

/** One line ending of the last line: editors and `echo` put one there that nobody means. */
export function withoutTrailingNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}

/**
 * The text of a small regular file. Opened without blocking, so that a fifo in its place is an error and not a wait.
 *
 * @throws the system's error, or an Error with a sentence for its message
 */
export function readSmallFile(path: string, limit = LIMIT): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
    if (!stat.isFile()) throw new Error("it is not a regular file");
    return readWhole(file, limit);
  } finally {
    closeSync(file);
  }
}

/** The rest of an opened file as text; throws when it is longer than `limit` bytes. */
export function readWhole(file: number, limit: number): string {
  const buffer = Buffer.alloc(limit + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
    if (length > limit) throw tooLarge(limit);
  }
  return fileText(buffer.subarray(0, length));
}

export function tooLarge(limit: number): Error {
  return new Error(`it is larger than ${limit / 1024} KiB`);
}

const UNREACHABLE = new Set(["ENOTDIR", "EACCES"]);

/**
 * Whether anything lies at a path, be it of use or not. A folder that is closed to us was not made for us: BuildKit's own
 * can always be entered.
 */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return !UNREACHABLE.has((error as NodeJS.ErrnoException).code ?? "");
  }
}

/**
 * A BuildKit secret, as `RUN --mount=type=secret,id=NAME` shows it: one trailing newline dropped; undefined when it is
 * absent or empty.
 *
 * @throws Failure `secret-unreadable`: never masked by a later source
 */
export function readSecret(folder: string, name: string, limit?: number): string | undefined {
  const path = `${folder}/${name}`;
  // Most secrets are not there, and an error costs a start more than a question.
  if (!isThere(path)) return undefined;
  try {
    const text = withoutTrailingNewline(readSmallFile(path, limit));
    return text === "" ? undefined : text;
  } catch (cause) {
    throw secretUnreadable(path, name, cause);
  }
}
