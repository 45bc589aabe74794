import type { Expiration } from "../credentials/credentials.js";

/** The last second that four digits can write. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * A moment as every reader takes it, Go's, Java's and Python's too: whole seconds, UTC, `Z`. Never later than it is: a
 * fraction is cut off.
 */
export function expirationText({ epochMs }: Expiration): string {
  const seconds = Math.floor(Math.min(epochMs, LATEST_MS) / 1000);
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
