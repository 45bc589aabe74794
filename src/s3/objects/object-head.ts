import type { ObjectHead, ObjectRef, ReadParameters } from "../store.js";
import { customerKeyHeaders } from "./customer-key.js";

/** The query and headers of a request that reads an object. */
export function readRequest(
  ref: ObjectRef,
  read: ReadParameters,
): { query: Record<string, string>; headers: Record<string, string> } {
  return {
    query: ref.versionId === undefined ? {} : { versionId: ref.versionId },
    headers: {
      ...(read.requestPayer === undefined ? {} : { "x-amz-request-payer": read.requestPayer }),
      ...customerKeyHeaders(read.customerKey),
    },
  };
}

/** What an answer's headers tell of an object of `size` bytes. */
export function objectHead(headers: Readonly<Record<string, string>>, size: number): ObjectHead {
  const lastModified = Date.parse(headers["last-modified"] ?? "");
  const optional = {
    etag: headers.etag,
    storageClass: headers["x-amz-storage-class"],
    restore: headers["x-amz-restore"],
  };
  return {
    size,
    headers,
    ...(Number.isNaN(lastModified) ? {} : { lastModified }),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
  };
}
