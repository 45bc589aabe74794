import { closeSync, constants, openSync, type Stats, statSync } from "node:fs";
import { normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DownloadTarget } from "../store.js";

const STANDARD: Readonly<Record<string, number>> = { "/dev/stdout": 1, "/dev/stderr": 2 };

/** The descriptor that a path like /dev/stdout or /dev/fd/3 stands for. */
function descriptorOf(path: string): number | undefined {
  const normal = normalize(path);
  const numbered = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d{1,9})$/.exec(normal)?.[1];
  return numbered === undefined ? STANDARD[normal] : Number(numbered);
}

/** A target that is written straight through, and what to do when it is done. */
export interface OpenTarget {
  readonly target: DownloadTarget;
  close(): void;
}

/**
 * Opens what is no regular file: a fifo (once somebody reads it), a character device such as /dev/null. The standard
 * streams are used as they are open: a temporary name beside /dev/stdout would replace the link itself.
 *
 * @returns undefined when the path is for a regular file
 */
export async function openStreamTarget(path: string): Promise<OpenTarget | undefined> {
  const own = descriptorOf(path);
  if (own !== undefined) return { target: { kind: "stream", fd: own }, close: () => undefined };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !isStream(stats)) return undefined;
  const fd = stats.isFIFO() ? await openFifo(path) : openSync(path, "w");
  return { target: { kind: "stream", fd }, close: () => closeSync(fd) };
}

/** How often a fifo is looked at for a reader. */
const LOOK_MS = 20;

/** Waits for a reader without blocking a thread in open(2): a signal must be able to end the process. */
async function openFifo(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    }
    await sleep(LOOK_MS);
  }
}

function isStream(stats: Stats): boolean {
  return stats.isFIFO() || stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket();
}
