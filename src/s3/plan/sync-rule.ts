import type { Direction } from "../locations/location.js";
import type { Version } from "./overwrite.js";

export interface SyncRule {
  readonly direction: Direction;
  readonly sizeOnly: boolean;
  /** Downloads only: copy unless the times are the same to the second. */
  readonly exactTimestamps: boolean;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/**
 * Whether a file that is on both sides is copied, as `aws s3 sync` decides: sizes differ, or the source is newer; for a
 * download, or the *target* is newer than the object, for then somebody has changed it here; or a server does
 * not tell when.
 */
export function needsCopy(
  { direction, sizeOnly, exactTimestamps }: SyncRule,
  source: Version,
  target: Version,
): boolean {
  if (source.size !== target.size) return true;
  // The AWS CLI lets --exact-timestamps win over --size-only.
  if (sizeOnly && !(exactTimestamps && direction === "download")) return false;
  if (Number.isNaN(source.modified) || Number.isNaN(target.modified)) return true;
  if (direction !== "download") return target.modified < source.modified;
  // A server may give fractions that Last-Modified, and so the file, does not have.
  if (exactTimestamps) return seconds(target.modified) !== seconds(source.modified);
  return target.modified > source.modified;
}
