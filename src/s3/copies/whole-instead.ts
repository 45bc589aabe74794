import { ServerError } from "../../aws/server-error.js";
import { Failure } from "../../failure.js";
import { rangeIgnored } from "../failures.js";
import { isSameETag } from "../objects/version.js";
import { isNotImplemented } from "../requests/refused-headers.js";
import type { ObjectHead } from "../store.js";
import { looksLikeMd5 } from "../uploads/compare-stored.js";
import type { SentPart } from "../uploads/multipart-requests.js";

const hasId = (error: unknown, id: string) => error instanceof Failure && error.id === id;

/** Whether a store has no UploadPartCopy, or takes no notice of its range. */
export const copiesNoRanges = (error: unknown): boolean =>
  isNotImplemented(error) || hasId(error, "s3-range-ignored") || hasId(error, "s3-copied-wrong");

/**
 * Whether CopyObject may do what a copy in parts could not: the store copies no ranges, or the role may not read the tags,
 * which S3 itself copies, or none if there are none.
 *
 * @param ifAbsent as of the copy: one that became wrong is in the way of the next
 */
export function mayCopyWhole(error: unknown, ifAbsent = false): boolean {
  if (ifAbsent && hasId(error, "s3-copied-wrong")) return false;
  if (copiesNoRanges(error)) return true;
  return error instanceof ServerError && error.operation === "GetObjectTagging" && error.status === 403;
}

/** @throws Failure when the ETag of a part, one of several, is the MD5 of the whole source */
export function checkIsNotWhole({ etag }: SentPart, source: ObjectHead): void {
  if (looksLikeMd5(source.etag, source.headers) && isSameETag(etag, source.etag)) throw rangeIgnored();
}

/** @throws Failure when parts of different sizes have the same MD5 */
export function checkAreNotAlike(parts: readonly SentPart[]): void {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || first.size === last?.size || !looksLikeMd5(first.etag, {})) return;
  if (isSameETag(first.etag, last?.etag)) throw rangeIgnored();
}
