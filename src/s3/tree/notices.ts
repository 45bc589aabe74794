import type { SkipReason } from "../../output/notice.js";

function reason(id: string, text: string): SkipReason {
  return { id, text };
}

/** Of local files, in the AWS CLI's words. */
export const UNREADABLE = reason("skipped-unreadable", "File/Directory is not readable.");
export const GONE = reason("skipped-missing", "File does not exist.");
export const SPECIAL_FILE = reason(
  "skipped-special-file",
  "File is character special device, block special device, FIFO, or socket.",
);

/** Of local files: the AWS CLI follows it. */
export const FOREIGN_LINK = reason(
  "foreign-link",
  "It is a symbolic link of another user, to what belongs to somebody else.",
);

/** Of local files, where the AWS CLI walks on for ever or fails. */
export const LINK_LOOP = reason("skipped-link-loop", "Symbolic link points to a folder that contains it.");
export const NOT_UTF8 = reason("skipped-not-utf8", "File name is not valid UTF-8.");

/** Of keys that must not become the name of a file; the second in the AWS CLI's words. */
export const NUL_IN_NAME = reason("skipped-unsafe-name", "Its name holds a NUL character.");
export const PARENT_IN_NAME = reason("skipped-unsafe-name", "File references a parent directory.");
export const WINDOWS_NAME = reason("skipped-unsafe-name", "Its name holds a backslash or a colon.");

/** Of keys that name a folder, or nothing. */
export const FOLDER_WITH_BYTES = reason(
  "skipped-folder-name",
  "Its key ends in a slash, like a folder, but it is not empty.",
);
export const FOLDER_NAME = reason("skipped-folder-name", "Its key ends in a slash, like a folder.");
export const EMPTY_NAME = reason("skipped-folder-name", "Its name is empty.");

/** @param limit bytes */
export function longName(limit: number): SkipReason {
  return reason("skipped-long-name", `Part of its name is longer than ${limit} bytes.`);
}
