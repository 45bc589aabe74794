import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { strayFault } from "../output/stray-secret.js";
import { configFileBroken, configFileUnreadable, type NamedConfigFile } from "./failures.js";

/** Far above any. */
const LIMIT = 16 * 1024 * 1024;

/** What is not there, or in a folder that is closed to us, which was not made for us then. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EACCES", "ELOOP"]);

/** Whether a regular file is there: to Python's os.path.isfile, by which botocore goes, what cannot be looked at is none. */
function isThere(file: NamedConfigFile): boolean {
  try {
    return statSync(file.path).isFile();
  } catch (cause) {
    if (ABSENT.has((cause as NodeJS.ErrnoException).code ?? "")) return false;
    const fault = strayFault(file.path);
    throw configFileUnreadable(file, fault === undefined ? cause : new Error(fault));
  }
}

function bytesOf(file: NamedConfigFile): Buffer {
  try {
    const descriptor = openSync(file.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (fstatSync(descriptor).size > LIMIT) throw new Error(`it is larger than ${LIMIT / 1024 / 1024} MiB`);
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw configFileUnreadable(file, cause);
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The first line that is not UTF-8, as one of them is: a line end is never a part of another character. */
function brokenLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const next = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, next))) return line;
    start = next;
  }
}

/**
 * The text of a file of profiles; undefined where there is none. What is no regular file is none, as for botocore: /dev/null
 * is how people say so, a directory is what Docker makes of a mounted file that is missing.
 *
 * @throws Failure `config-file` for one that may not be read, which botocore passes over, and for one that is not UTF-8
 */
export function readConfigFile(file: NamedConfigFile): string | undefined {
  if (!isThere(file)) return undefined;
  const bytes = bytesOf(file);
  if (!isUtf8(bytes)) throw configFileBroken(file, brokenLine(bytes), "it is not UTF-8");
  return bytes.toString("utf8");
}
