import type { StoredObject } from "./buckets.js";
import { preconditionFailed, S3Error } from "./s3-error.js";
import { header, type S3Request } from "./s3-request.js";

function matches(condition: string, object: StoredObject | undefined): boolean {
  if (object === undefined) return false;
  return condition
    .split(",")
    .map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"))
    .some((tag) => tag === "*" || tag === object.etag);
}

/** The 304 of a read whose object the client has already: what names that version (RFC 9110, 15.4.5), and no body. */
export class NotModified extends S3Error {
  constructor({ etag, lastModified, headers }: StoredObject) {
    const cacheControl = headers["cache-control"];
    super(304, "NotModified", "Not Modified", {
      headers: {
        etag: `"${etag}"`,
        "last-modified": new Date(lastModified).toUTCString(),
        ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
      },
    });
  }
}

/**
 * The conditions of a read. Source: "Conditional reads", Amazon S3 User Guide; If-Match that holds outweighs
 * If-Unmodified-Since.
 *
 * @param prefix `""`, or `x-amz-copy-source-` for those of a copy's source
 */
export function checkReadConditions(request: S3Request, object: StoredObject, prefix = ""): void {
  const ifMatch = header(request, `${prefix}if-match`);
  const unmodifiedSince = header(request, `${prefix}if-unmodified-since`);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object)) throw preconditionFailed(`${prefix}If-Match`);
  } else if (unmodifiedSince !== undefined && object.lastModified > Date.parse(unmodifiedSince)) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const ifNoneMatch = header(request, `${prefix}if-none-match`);
  const modifiedSince = header(request, `${prefix}if-modified-since`);
  const notModified =
    ifNoneMatch === undefined
      ? modifiedSince !== undefined && object.lastModified <= Date.parse(modifiedSince)
      : matches(ifNoneMatch, object);
  if (notModified) throw prefix === "" ? new NotModified(object) : preconditionFailed("If-None-Match");
}

/** The conditions of a write: `If-None-Match: *` for a new object only, `If-Match` for a known one. */
export function checkWriteConditions(request: S3Request, current: StoredObject | undefined): void {
  const ifNoneMatch = header(request, "if-none-match");
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, current)) throw preconditionFailed("If-None-Match");
  const ifMatch = header(request, "if-match");
  if (ifMatch !== undefined && !matches(ifMatch, current)) throw preconditionFailed("If-Match");
}
