import { Notice } from "../output/notice.js";

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
