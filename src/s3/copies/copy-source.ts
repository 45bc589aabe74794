import { encodeKey, encodeQueryPart } from "../../aws/uri-encode.js";
import { matchableETag } from "../objects/version.js";
import type { ObjectHead, ObjectRef } from "../store.js";

/** The x-amz-copy-source header: `bucket/key`, or an access point's ARN with `/object/key`, percent-encoded. */
export function copySource({ bucket, key, versionId }: ObjectRef): string {
  const place = bucket.startsWith("arn:") ? `${encodeQueryPart(bucket)}/object` : bucket;
  const version = versionId === undefined ? "" : `?versionId=${encodeQueryPart(versionId)}`;
  return `${place}/${encodeKey(key)}${version}`;
}

/** Without it a store copies whole objects only. */
export const RANGE = "x-amz-copy-source-range";

/** Where a server refuses them, the source is looked at once more when it has been copied. */
export const SOURCE_CONDITIONS = ["x-amz-copy-source-if-match", "x-amz-copy-source-if-unmodified-since"];

/** That the source is still what was read of it. */
export function sourceCondition({ etag, lastModified }: ObjectHead): Record<string, string> {
  const matchable = matchableETag(etag);
  if (matchable !== undefined) return { "x-amz-copy-source-if-match": matchable };
  return lastModified === undefined
    ? {}
    : { "x-amz-copy-source-if-unmodified-since": new Date(lastModified).toUTCString() };
}
