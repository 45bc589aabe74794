import type { StoredObject } from "./buckets.js";
import { checksumOf } from "./checksums.js";
import { checkReadConditions } from "./conditions.js";
import { checkCustomerKey, customerKeyMd5 } from "./customer-key.js";
import { checksumHeaders, encryptionHeaders } from "./object-properties.js";
import type { Call, Response } from "./operation.js";
import { S3Error } from "./s3-error.js";
import { header, parameter } from "./s3-request.js";

/** Bytes `start` to `end`, both included. */
interface Range {
  readonly start: number;
  readonly end: number;
}

const notSatisfiable = (range: string, size: number) =>
  new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
    elements: { RangeRequested: range, ActualObjectSize: String(size) },
    headers: { "content-range": `bytes */${size}` },
  });

/**
 * Source: RFC 9110, section 14.1.2. A range that is malformed is ignored, as S3 does; one beyond the end is refused.
 */
export function parseRange(range: string | undefined, size: number): Range | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (range === undefined || first === undefined || last === undefined || `${first}${last}` === "")
    return undefined;
  if (first === "") {
    if (size === 0 || Number(last) === 0) throw notSatisfiable(range, size);
    return { start: Math.max(0, size - Number(last)), end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) throw notSatisfiable(range, size);
  return { start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}

function rangeOfPart(object: StoredObject, partNumber: number): Range {
  const parts = object.parts ?? [object.body.length];
  const size = parts[partNumber - 1];
  if (size === undefined)
    throw new S3Error(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
  const start = parts.slice(0, partNumber - 1).reduce((sum, part) => sum + part, 0);
  return { start, end: start + size - 1 };
}

/** The checksum as S3 shows it: only when it is asked for, and of the whole object. */
function shownChecksum(call: Call, object: StoredObject, isWhole: boolean): Record<string, string> {
  const isAsked = header(call.request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
  if (!isAsked || !isWhole || !call.modernChecksums) return {};
  return checksumHeaders(
    object.checksum ?? {
      algorithm: "CRC64NVME",
      value: checksumOf("CRC64NVME", object.body),
      type: "FULL_OBJECT",
    },
  );
}

/** What HEAD and GET tell of an object. */
export function objectHeaders(call: Call, object: StoredObject, isWhole: boolean): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const tagCount = Object.keys(object.tags).length;
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    "accept-ranges": "bytes",
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.lastModified).toUTCString(),
    ...encryptionHeaders(object),
    ...shownChecksum(call, object, isWhole),
    ...(object.storageClass === "STANDARD" ? {} : { "x-amz-storage-class": object.storageClass }),
    ...(object.restore === undefined ? {} : { "x-amz-restore": object.restore }),
    ...(tagCount === 0 ? {} : { "x-amz-tagging-count": String(tagCount) }),
    ...(call.bucket.versioning ? { "x-amz-version-id": object.versionId } : {}),
    ...(object.parts === undefined || parameter(call.request, "partNumber") === undefined
      ? {}
      : { "x-amz-mp-parts-count": String(object.parts.length) }),
  };
}

/** Archived objects can be looked at but not read, unless they are restored. */
export function checkReadable(object: StoredObject): void {
  const isArchived = ["GLACIER", "DEEP_ARCHIVE"].includes(object.storageClass);
  if (isArchived && !object.restore?.includes('ongoing-request="false"')) {
    throw new S3Error(
      403,
      "InvalidObjectState",
      "The operation is not valid for the object's storage class",
      {
        elements: { StorageClass: object.storageClass },
      },
    );
  }
}

/** GetObject and HeadObject. (The server leaves out the body of a HEAD.) */
export function readObject(call: Call): Response {
  const { request, bucket, key } = call;
  const object = bucket.find(key, parameter(request, "versionId"));
  if (request.method === "GET") checkReadable(object);
  checkCustomerKey(object.customerKeyMd5, customerKeyMd5(request));
  checkReadConditions(request, object);
  const partNumber = parameter(request, "partNumber");
  const size = object.body.length;
  const range =
    partNumber === undefined
      ? parseRange(header(request, "range"), size)
      : rangeOfPart(object, Number(partNumber));
  const headers = objectHeaders(call, object, range === undefined);
  if (range === undefined) return { status: 200, headers, body: object.body };
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${range.start}-${range.end}/${size}` },
    body: object.body.subarray(range.start, range.end + 1),
  };
}
