import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { descriptorOf } from "../../paths/descriptor-paths.js";
import { checkInherited } from "../../paths/inherited-descriptor.js";
import { ForeignLink, openPlace, type Place } from "../../paths/walk.js";
import type { DownloadTarget } from "../store.js";
import { linkOfAnother } from "../tree/failures.js";
import { streamOfAnother } from "./failures.js";

/** A target that is written straight through, and what to do when it is done. */
export interface OpenTarget {
  readonly target: DownloadTarget;
  close(): void;
}

/**
 * Opens what is no regular file: a fifo (once somebody reads it), a character device such as /dev/null. The standard
 * streams are used as they are open: a temporary name beside /dev/stdout would replace the link itself.
 *
 * @param uid ours: what another user made is refused
 * @returns undefined when the path is for a regular file
 * @throws Failure `foreign-link`, `foreign-stream`; the system's error
 */
export async function openStreamTarget(
  path: string,
  uid: number | undefined,
): Promise<OpenTarget | undefined> {
  const own = descriptorOf(path);
  if (own !== undefined) {
    checkInherited(own);
    return { target: { kind: "stream", fd: own }, close: () => undefined };
  }
  const place = placeOf(path, uid);
  if (place === undefined) return undefined;
  try {
    const fd = await openStream(`${place.folder.path}/${place.name}`, path, uid);
    return fd === undefined ? undefined : { target: { kind: "stream", fd }, close: () => closeSync(fd) };
  } finally {
    place.close();
  }
}

/** undefined: nothing is there yet. */
function placeOf(path: string, uid: number | undefined): Place | undefined {
  try {
    return openPlace(path, { uid }, true);
  } catch (error) {
    if (error instanceof ForeignLink) throw linkOfAnother(error.path);
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** How often a fifo is looked at for a reader. */
const LOOK_MS = 20;

/**
 * Never waits in open(2), for a reader or anything else: a signal must be able to end the process.
 *
 * @param path what leads into the folder that was opened
 * @param shown the path for people
 */
async function openStream(path: string, shown: string, uid: number | undefined): Promise<number | undefined> {
  const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants;
  for (;;) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !isStream(stats)) return undefined;
    refuseForeign(shown, stats, uid);
    try {
      return checked(openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY), shown, uid);
    } catch (error) {
      // A fifo that nobody reads yet.
      if ((error as NodeJS.ErrnoException).code !== "ENXIO" || !stats.isFIFO()) throw error;
    }
    await sleep(LOOK_MS);
  }
}

/** What was opened may be another than what was looked at. */
function checked(fd: number, shown: string, uid: number | undefined): number {
  try {
    const stats = fstatSync(fd);
    if (!isStream(stats)) throw streamOfAnother(shown);
    refuseForeign(shown, stats, uid);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function isStream(stats: Stats): boolean {
  return stats.isFIFO() || stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket();
}

/** /dev/null is nobody's, whoever owns it (in a rootless container nobody does); another of its kind is. */
function refuseForeign(shown: string, stats: Stats, uid: number | undefined): void {
  if (uid === undefined || stats.uid === uid || stats.uid === 0) return;
  const { dev, ino } = statSync("/dev/null");
  if (stats.dev !== dev || stats.ino !== ino) throw streamOfAnother(shown);
}
