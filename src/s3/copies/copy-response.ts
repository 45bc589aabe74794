import type { Response } from "../../http/response.js";
import { isNew, isWritten } from "../objects/head.js";
import { isSameETag } from "../objects/version.js";
import { isDocument, resultText } from "../requests/result.js";
import type { ObjectHead } from "../store.js";
import { looksLikeMd5 } from "../uploads/compare-stored.js";

/** S3's response to CopyObject; a store whose 204 has no content for it has copied as well (RFC 9110, 15.3.5). */
export const isCopyResult = (response: Response): boolean =>
  response.status === 204 || isDocument("CopyObjectResult")(response);

const areMd5s = (
  source: string | undefined,
  copy: string | undefined,
  { headers }: Pick<Response, "headers">,
) => looksLikeMd5(source, {}) && looksLikeMd5(copy, headers);

/**
 * Whether a response to CopyObject is about this copy. A source and its copy have the same ETag where both are MD5s; where
 * they differ all the same, or the copy's is none of S3's or is missing, HEAD tells what is at the target.
 *
 * @param etag of the source, whose size is `bytes`
 * @param head of the target
 */
export async function isAboutCopy(
  response: Response,
  bytes: number,
  etag: string | undefined,
  head: () => Promise<ObjectHead>,
): Promise<boolean> {
  const copied = resultText(response, "CopyObjectResult", "ETag");
  const isOfS3 = /^"?[0-9a-f]{32}(-\d+)?"?$/i.test(copied ?? "");
  if (copied !== undefined && isSameETag(etag, copied)) return true;
  if (isOfS3 && !areMd5s(etag, copied, response)) return true;
  return isWritten(head, (there) => {
    if (there.size !== bytes) return false;
    if (isSameETag(there.etag, copied ?? etag) || isSameETag(there.etag, etag)) return true;
    // Without an ETag in the response, only one that contradicts the source's says no.
    return copied === undefined && !areMd5s(etag, there.etag, there);
  });
}

/**
 * Whether HEAD tells of what was to be copied, or of something new of that size where the ETags say nothing of it.
 *
 * @param etag of the source, whose size is `bytes`
 */
export function isCopied(there: ObjectHead, bytes: number, etag: string | undefined): boolean {
  if (there.size !== bytes) return false;
  if (etag !== undefined && isSameETag(there.etag, etag)) return true;
  return !areMd5s(etag, there.etag, there) && isNew(there);
}
