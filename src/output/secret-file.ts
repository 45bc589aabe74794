import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { outputIsFolder, outputUnwritable, plantedLink } from "./failures.js";

/** Who we are and how temporary names are made: the parts of the world that a test replaces. */
export interface Writer {
  /** Our user id; undefined where there are none (Windows). */
  readonly uid?: number | undefined;
  readonly random: () => number;
}

function statOf(path: string, read: typeof lstatSync | typeof statSync): Stats | undefined {
  return (read as (path: string, options: { throwIfNoEntry: false }) => Stats | undefined)(path, {
    throwIfNoEntry: false,
  });
}

/**
 * A link on the way that neither root nor we have made could lead the secret anywhere. (The kernel's
 * fs.protected_symlinks does the same, but only in sticky folders and not in every container.)
 */
function refusePlantedLinks(path: string, uid: number | undefined): void {
  if (uid === undefined) return;
  const parts = resolve(path).split(sep);
  for (let length = 2; length <= parts.length; length++) {
    const place = parts.slice(0, length).join(sep);
    const stats = statOf(place, lstatSync);
    if (stats === undefined) return;
    if (stats.isSymbolicLink() && stats.uid !== uid && stats.uid !== 0) throw plantedLink(place);
  }
}

/**
 * Writes a secret: mode 0600 from its first byte, under a temporary name, renamed when it is whole. A link of our own at
 * that name is replaced, what it points to stays. Devices and fifos (`/dev/stdout`) are written straight through.
 *
 * @throws Failure (255); the file is then as it was before
 */
export function writeSecretFile(path: string, content: string, { uid, random }: Writer): void {
  try {
    refusePlantedLinks(path, uid);
    // Of a link to a device (/dev/stdout is one) the device counts.
    const target = statOf(path, statSync);
    if (target?.isDirectory()) throw outputIsFolder(path);
    if (target !== undefined && !target.isFile()) writeFileSync(path, content);
    else replaceFile(path, content, random);
  } catch (error) {
    throw error instanceof Error && "code" in error ? outputUnwritable(path, error) : error;
  }
}

function replaceFile(path: string, content: string, random: () => number): void {
  const name = `.${basename(path).slice(0, 200)}.${random().toString(36).slice(2, 10)}.fetch-creds`;
  const temporary = join(dirname(path), name);
  const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants;
  const file = openSync(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    try {
      // Whatever the umask: its owner can read it.
      fchmodSync(file, 0o600);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}
