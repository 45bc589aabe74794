import type { StoredObject } from "./buckets.js";
import { checksumElement, checksumOf } from "./checksums.js";
import { checkReadConditions, checkWriteConditions } from "./conditions.js";
import { checkCustomerKey, customerKeyMd5 } from "./customer-key.js";
import { encryptionHeaders, etagOf, parseTags, requestedProperties } from "./object-properties.js";
import { type Call, type Response, xmlResponse } from "./operation.js";
import { checkReadable, parseRange } from "./read-object.js";
import { accessDenied, invalidArgument, invalidRequest } from "./s3-error.js";
import { header } from "./s3-request.js";
import { wholeSeconds } from "./write-object.js";
import { document, element } from "./xml.js";

/** The object that x-amz-copy-source names: `bucket/key[?versionId=…]`, percent-encoded, with or without a slash before. */
function findSource(call: Call): StoredObject {
  const text = header(call.request, "x-amz-copy-source") ?? "";
  const [, bucket, rawKey, versionId] = /^\/?([^/?]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(text) ?? [];
  if (bucket === undefined || rawKey === undefined) throw invalidArgument("Invalid copy source encoding.");
  const from = call.buckets.get(bucket);
  const isPaid = header(call.request, "x-amz-request-payer") === "requester";
  if (from.requesterPays && !isPaid) throw accessDenied();
  const source = from.find(decodeURIComponent(rawKey), versionId);
  checkReadable(source);
  checkCustomerKey(source.customerKeyMd5, customerKeyMd5(call.request, "x-amz-copy-source-"));
  checkReadConditions(call.request, source, "x-amz-copy-source-");
  return source;
}

/** The properties that the copy takes over from its source, or from the request. */
function copiedProperties(call: Call, source: StoredObject): ReturnType<typeof requestedProperties> {
  const asked = requestedProperties(call.request);
  const isReplaced = header(call.request, "x-amz-metadata-directive") === "REPLACE";
  const replacesTags = header(call.request, "x-amz-tagging-directive") === "REPLACE";
  const { "x-amz-website-redirect-location": _, ...headers } = source.headers;
  const redirect = header(call.request, "x-amz-website-redirect-location");
  return {
    ...asked,
    ...(isReplaced
      ? {}
      : {
          metadata: source.metadata,
          headers:
            redirect === undefined ? headers : { ...headers, "x-amz-website-redirect-location": redirect },
        }),
    tags: replacesTags ? parseTags(header(call.request, "x-amz-tagging")) : source.tags,
  };
}

function checkNotToItself(call: Call, source: StoredObject): void {
  const isSame = call.bucket.object(call.key) === source;
  const changes = ["x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption"];
  const isChanged =
    header(call.request, "x-amz-metadata-directive") === "REPLACE" ||
    changes.some((name) => header(call.request, name) !== undefined);
  if (isSame && !isChanged) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
}

export function copyObject(call: Call): Response {
  call.bucket.allow("s3:PutObject");
  const source = findSource(call);
  if (source.body.length > call.limits.maximumPut) {
    throw invalidRequest(
      "The specified copy source is larger than the maximum allowable size for a copy source",
    );
  }
  checkNotToItself(call, source);
  checkWriteConditions(call.request, call.bucket.object(call.key));
  const properties = copiedProperties(call, source);
  const asked = header(call.request, "x-amz-checksum-algorithm")?.toUpperCase();
  const algorithm =
    asked ?? (source.checksum?.type === "FULL_OBJECT" ? source.checksum.algorithm : undefined);
  const copy = call.bucket.store({
    ...properties,
    key: call.key,
    body: source.body,
    etag: etagOf(source.body, properties),
    lastModified: wholeSeconds(call.now),
    versionId: "null",
    ...(algorithm === undefined
      ? {}
      : { checksum: { algorithm, value: checksumOf(algorithm, source.body), type: "FULL_OBJECT" } }),
  });
  const result = `${element("LastModified", new Date(copy.lastModified).toISOString())}${element("ETag", `"${copy.etag}"`)}`;
  return xmlResponse(document("CopyObjectResult", result + checksumElements(copy)), {
    ...encryptionHeaders(copy),
    ...(call.bucket.versioning ? { "x-amz-version-id": copy.versionId } : {}),
  });
}

/** Of a copy they stand in the result, as its ETag does, and in no header. */
function checksumElements({ checksum }: StoredObject): string {
  if (checksum === undefined) return "";
  return (
    element(checksumElement(checksum.algorithm), checksum.value) + element("ChecksumType", checksum.type)
  );
}

/** The bytes that UploadPartCopy takes from its source. */
export function copiedPart(call: Call): Buffer {
  const source = findSource(call);
  const text = header(call.request, "x-amz-copy-source-range");
  if (text === undefined) return source.body;
  const range = parseRange(text, source.body.length);
  if (range === undefined || !text.endsWith(`-${range.end}`)) {
    throw invalidArgument(`Range specified is not valid for source object of size: ${source.body.length}`);
  }
  return source.body.subarray(range.start, range.end + 1);
}

/**
 * The response to an UploadPartCopy whose part is stored.
 *
 * @param checksum element of the part's
 */
export function partCopied(etag: string, lastModified: number, checksum: string): Response {
  const result = `${element("LastModified", new Date(lastModified).toISOString())}${element("ETag", `"${etag}"`)}`;
  return xmlResponse(document("CopyPartResult", result + checksum));
}
