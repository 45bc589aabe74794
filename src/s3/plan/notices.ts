import { Notice, type SkipReason } from "../../output/notice.js";
import { LONGEST_NAME, shortened } from "../../output/printable.js";

function reason(id: string, text: string): SkipReason {
  return { id, text };
}

/** A file or an object is left out, in the AWS CLI's words. */
export function skipping(name: string, { id, text }: SkipReason): Notice {
  return new Notice(id, `Skipping file ${shortened(name, LONGEST_NAME)}. ${text}`);
}

/** Of two keys that cannot both become files. */
export const FOLDER_IS_FILE = reason("skipped-folder-clash", "Its folder is another object's file.");
export const SAME_FILE = reason("skipped-same-file", "Another key is the same file.");

/** @param message of the failure that says where the link is */
export function throughLink(message: string): SkipReason {
  return reason("folder-is-link", `${message}.`);
}

/** In the AWS CLI's words: the file is there, and whole. */
export function timeRefused(path: string, { message }: Error): Notice {
  return new Notice(
    "time-refused",
    `Successfully Downloaded ${path} but was unable to update the last modified time. ${message}`,
  );
}

/** Archived, in the AWS CLI's words. */
export function archived(operation: "download" | "copy"): SkipReason {
  return reason(
    "skipped-archived",
    `Object is of storage class GLACIER. Unable to perform ${operation} operations on GLACIER objects. You must restore the object to be able to perform the operation. See --force-glacier-transfer and --ignore-glacier-warnings to force or ignore these transfers.`,
  );
}

/** @param reason what a sync could not do or look at before it came to its deletes */
export function deletesLeftOut(reason: string): Notice {
  return new Notice("deletes-left-out", `Nothing was deleted, because ${reason}.`);
}

const DIFFERS_BY_CASE = "a file whose name differs only by case either exists or is being downloaded.";

/** `--case-conflict`, in the AWS CLI's words. */
export function caseConflictSkipped(source: string, destination: string): Notice {
  return new Notice("case-conflict", `Skipping ${source} -> ${destination} because ${DIFFERS_BY_CASE}`);
}

export function caseConflictIgnored(source: string, destination: string): Notice {
  return new Notice("case-conflict", `Downloading ${source} -> ${destination} despite ${DIFFERS_BY_CASE}`);
}
