import { readDate } from "../../http/date.js";
import type { ObjectHead, ObjectRef, ReadParameters } from "../store.js";
import { customerKeyHeaders } from "./customer-key.js";

/** Headers of requests that read: a server that refuses one is read from without it. */
export const OPTIONAL_READING = ["x-amz-checksum-mode", "if-match"];

/** The query and headers of a request that reads an object. */
export function readRequest(
  ref: ObjectRef,
  read: ReadParameters,
): { query: Record<string, string>; headers: Record<string, string> } {
  return {
    query: ref.versionId === undefined ? {} : { versionId: ref.versionId },
    headers: customerKeyHeaders(read.customerKey),
  };
}

/** What a response's headers tell of an object of `size` bytes. */
export function objectHead(headers: Readonly<Record<string, string>>, size: number): ObjectHead {
  const head: { -readonly [Name in keyof ObjectHead]: ObjectHead[Name] } = { size, headers };
  const lastModified = readDate(headers["last-modified"]);
  if (lastModified !== undefined) head.lastModified = lastModified;
  const { etag, "x-amz-storage-class": storageClass, "x-amz-restore": restore } = headers;
  if (etag !== undefined) head.etag = etag;
  if (storageClass !== undefined) head.storageClass = storageClass;
  if (restore !== undefined) head.restore = restore;
  return head;
}
