import type { Failure } from "../failure.js";
import { Notice } from "../output/notice.js";

/** What `--if-available` says when there is nothing to use. */
export function nothingToDo(verb: string): Notice {
  return new Notice(
    "nothing-to-do",
    `no credential source is configured, ${verb} does nothing (--if-available)`,
  );
}

/**
 * A source that comes earlier is used: who named another expects its keys.
 *
 * @param options those that were given in vain, without dashes
 * @param used the source that comes first, and where it is named
 */
export function notUsed(options: readonly string[], used: string): Notice {
  const named = options.map((name) => `--${name}`).join(" and ");
  return new Notice(
    "not-used",
    `${named} ${options.length > 1 ? "are" : "is"} not used: ${used} comes first`,
  );
}

/** `cp s3://b/k s3:/c/k` makes a folder named `s3:`, as with the AWS CLI; but hardly anybody means that. */
export function takenForLocal(path: string, meant: string): Notice {
  return new Notice("taken-for-local", `${path} is taken for a local path; did you mean ${meant}?`);
}

/** `ls` of a bucket that holds nothing, which the AWS CLI passes over in silence. */
export function emptyBucket(uri: string): Notice {
  return new Notice("empty-listing", `${uri} is empty`);
}

/** `ls` without a bucket to list. */
export function noBuckets(): Notice {
  return new Notice("empty-listing", "there is no bucket to list");
}

/** The AWS CLI's word, and the signal's name. */
export function cancelled(signal: string): Notice {
  return new Notice("cancelled-by-signal", `cancelled: ${signal} received`);
}

/** Of the profile in force, where `verify` only shows it. */
export function regionNotRead({ message }: Pick<Failure, "message">): Notice {
  return new Notice("region-not-read", `the profile's region is not read: ${message}`);
}
