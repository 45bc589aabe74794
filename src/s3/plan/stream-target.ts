import { closeSync, open, type Stats, statSync } from "node:fs";
import { normalize } from "node:path";
import { promisify } from "node:util";
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
  const fd = await promisify(open)(path, "w");
  return { target: { kind: "stream", fd }, close: () => closeSync(fd) };
}

function isStream(stats: Stats): boolean {
  return stats.isFIFO() || stats.isCharacterDevice() || stats.isBlockDevice() || stats.isSocket();
}
