import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { isatty } from "node:tty";
import { descriptorOf } from "../paths/descriptor-paths.js";
import { checkInherited } from "../paths/inherited-descriptor.js";
import type { OpenFolder } from "../paths/open-folder.js";
import { RunningScript } from "../paths/running-script.js";
import { ForeignLink, openPlace, type Place } from "../paths/walk.js";
import { foreignOutput, outputIsFolder, outputIsScript, outputUnwritable, plantedLink } from "./failures.js";
import { readOwnFile } from "./own-file.js";

/** Who we are and how temporary names are made: the parts of the world that a test replaces. */
export interface Writer {
  /** Our user id; undefined where there are none (Windows). */
  readonly uid?: number | undefined;
  readonly random: () => number;
  /** The running file, which is never replaced. */
  readonly scriptPath: string;
}

/** Tries to find a name that nobody has taken. */
const TRIES = 100;

/**
 * Writes a secret: mode 0600 from its first byte, under a temporary name, renamed when it is whole. The path is read once,
 * from folder to opened folder, and everything is done in the one that was reached. A link of our own at that name is
 * replaced, what it points to stays. Our own streams (`/dev/stdout`), a terminal and /dev/null are written straight
 * through; anything else that is no regular file of ours or root's is refused.
 *
 * No promise: a signal that has a handler cannot come in between.
 *
 * @throws Failure (255); the file is then as it was before
 */
export function writeSecretFile(path: string, content: string | Buffer, writer: Writer): void {
  try {
    const own = descriptorOf(path);
    if (own === undefined) writeTo(path, content, writer);
    else writeToStream(own, content);
  } catch (error) {
    if (error instanceof ForeignLink) throw plantedLink(error.path);
    throw error instanceof Error && "code" in error ? outputUnwritable(path, error) : error;
  }
}

/**
 * Writes a secret as writeSecretFile does, made from what the file holds now.
 *
 * @param make  gets the file's bytes, one a character (latin1), or undefined where there is no file
 * @throws Failure (255); the file is then as it was before
 */
export function updateSecretFile(
  path: string,
  make: (text: string | undefined) => string | Buffer,
  writer: Writer,
): void {
  let text: string | undefined;
  try {
    text = descriptorOf(path) === undefined ? readOwnFile(path, writer.uid) : undefined;
  } catch (error) {
    if (error instanceof ForeignLink) throw plantedLink(error.path);
    throw error instanceof Error && "code" in error ? outputUnwritable(path, error) : error;
  }
  writeSecretFile(path, make(text), writer);
}

function writeTo(path: string, content: string | Buffer, writer: Writer): void {
  const { uid } = writer;
  const place = openPlace(path, { uid }, false);
  try {
    if (path.endsWith("/")) throw outputIsFolder(path);
    const stats = lstatSync(at(place), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) {
      if (isForeign(stats, uid)) throw plantedLink(path);
      if (writeThroughLink(path, place, content, uid)) return;
    } else if (stats !== undefined) {
      if (writeThrough(path, place, stats, content, uid)) return;
    }
    if (new RunningScript(writer.scriptPath).isAt(at(place))) throw outputIsScript(path);
    replaceFile(place.folder, place.name, content, writer.random);
  } finally {
    place.close();
  }
}

function writeToStream(descriptor: number, content: string | Buffer): void {
  checkInherited(descriptor);
  writeFileSync(descriptor, content);
}

const at = ({ folder, name }: Pick<Place, "folder" | "name">) => `${folder.path}/${name}`;

function isForeign({ uid: owner }: Stats, uid: number | undefined): boolean {
  return uid !== undefined && owner !== uid && owner !== 0;
}

/** Of a link to a device the device counts (/dev/stdout is one). @returns false when the link is to be replaced */
function writeThroughLink(
  path: string,
  link: Place,
  content: string | Buffer,
  uid: number | undefined,
): boolean {
  const own = descriptorOf(readlinkSync(at(link)));
  if (own !== undefined) {
    writeToStream(own, content);
    return true;
  }
  let place: Place | undefined;
  try {
    place = openPlace(path, { uid }, true);
    const stats = lstatSync(at(place));
    if (stats.isFile()) return false;
    return writeThrough(path, place, stats, content, uid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  } finally {
    place?.close();
  }
}

/** @returns false when it is a regular file of ours or root's, and to be replaced */
function writeThrough(
  path: string,
  place: Place,
  stats: Stats,
  content: string | Buffer,
  uid: number | undefined,
): boolean {
  if (stats.isDirectory()) throw outputIsFolder(path);
  if (stats.isFile()) {
    if (isForeign(stats, uid)) throw foreignOutput(path, "a file of another user");
    return false;
  }
  if (!stats.isCharacterDevice()) throw foreignOutput(path, "not a regular file");
  writeToDevice(path, place, content, uid);
  return true;
}

/** A terminal, or /dev/null under whatever name. What was looked at is what was opened. */
function writeToDevice(path: string, place: Place, content: string | Buffer, uid: number | undefined): void {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  const file = openSync(at(place), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
  try {
    const stats = fstatSync(file);
    const { dev, ino, rdev } = statSync("/dev/null");
    const isKind = stats.isCharacterDevice() && stats.rdev === rdev;
    if (!isKind && !isatty(file)) throw foreignOutput(path, "not a regular file");
    // The one at /dev/null is nobody's, whoever owns it (in a rootless container nobody does).
    const isNull = stats.dev === dev && stats.ino === ino;
    if (!isNull && isForeign(stats, uid)) throw foreignOutput(path, "a device of another user");
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

function replaceFile(folder: OpenFolder, name: string, content: string | Buffer, random: () => number): void {
  const { file, temporary } = openTemporary(folder, name, random);
  try {
    try {
      folder.check();
      // Whatever the umask: its owner can read it.
      fchmodSync(file, 0o600);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    folder.check();
    renameSync(temporary, at({ folder, name }));
    folder.check();
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Renamed already, or removed by somebody else.
  }
}

/** A name that somebody took before us is no reason to give up: there are many. */
function openTemporary(
  folder: OpenFolder,
  name: string,
  random: () => number,
): { file: number; temporary: string } {
  const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants;
  folder.check();
  for (let tries = 1; ; tries++) {
    const token = random().toString(36).slice(2, 12);
    const temporary = at({ folder, name: `.${name.slice(0, 50)}.${token}.fetch-creds` });
    try {
      return { file: openSync(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600), temporary };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || tries >= TRIES) throw error;
    }
  }
}
