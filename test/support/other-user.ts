import { lchownSync } from "node:fs";

/** A user who is neither root nor whoever runs the tests. */
export const OTHER = 65_534;

const isRoot = process.getuid?.() === 0;

/** For the title of a test that needs another user's files: why it is skipped, or nothing. */
export const NEEDS_ROOT = isRoot ? "" : " (skipped: only root can make files of another user)";

/** Whether files of another user can be made. */
export const CAN_CHOWN = isRoot;

/** Gives a file or a link, not what it leads to, to the other user. @returns the path */
export function giveAway(path: string): string {
  lchownSync(path, OTHER, OTHER);
  return path;
}
