import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { openPlace } from "../paths/walk.js";

/** Far above any file of profiles. */
const LIMIT = 1024 * 1024;

/**
 * The bytes of a regular file of ours or of root's, one a character (latin1); links are followed as for what is written.
 *
 * @param uid  ours; undefined where there are none
 * @returns undefined when there is no such file: nothing, a device, another user's, or one of more than a MiB
 * @throws the system's error, or ForeignLink
 */
export function readOwnFile(path: string, uid: number | undefined): string | undefined {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;
  try {
    const place = openPlace(path, { uid }, true);
    try {
      const file = openSync(`${place.folder.path}/${place.name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stats = fstatSync(file);
        const isForeign = uid !== undefined && stats.uid !== uid && stats.uid !== 0;
        if (!stats.isFile() || isForeign || stats.size > LIMIT) return undefined;
        return readFileSync(file, "latin1");
      } finally {
        closeSync(file);
      }
    } finally {
      place.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A socket is not opened by its name.
    if (code === "ENOENT" || code === "ENXIO") return undefined;
    throw error;
  }
}
