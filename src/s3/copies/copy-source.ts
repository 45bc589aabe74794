import { encodeKey, encodeQueryPart } from "../../aws/uri-encode.js";
import type { ObjectRef } from "../store.js";

/** The x-amz-copy-source header: `bucket/key`, or an access point's ARN with `/object/key`, percent-encoded. */
export function copySource({ bucket, key, versionId }: ObjectRef): string {
  const place = bucket.startsWith("arn:") ? `${encodeQueryPart(bucket)}/object` : bucket;
  const version = versionId === undefined ? "" : `?versionId=${encodeQueryPart(versionId)}`;
  return `${place}/${encodeKey(key)}${version}`;
}
