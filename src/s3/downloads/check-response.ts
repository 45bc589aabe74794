import type { ResponseHead } from "../../http/response.js";
import { objectChanged, unsupportedResponse } from "../failures.js";
import { objectHead } from "../objects/object-head.js";
import { isSameVersion, type VersionMarks } from "../objects/version.js";
import type { ObjectHead } from "../store.js";
import type { ByteRange } from "./target.js";

/** Bytes: no error of S3 is larger. */
const LARGEST_ERROR = 64 * 1024;

/** What the first response told of the object, which every later one must agree with. */
export interface KnownObject extends VersionMarks {
  /** Bytes. */
  readonly total: number;
}

/** What is asked for, and what is known of it. */
export interface Question {
  /** undefined: the whole object. */
  readonly asked: ByteRange | undefined;
  /** From the first response. */
  readonly known: KnownObject | undefined;
  /** Bytes of the object, where a response does not tell: as HEAD or a listing has them. */
  readonly expected: number | undefined;
  /** Whether the connection is this question's own: then no other response can be taken for this one's. */
  readonly isAlone: boolean;
}

/** A response that is right, as far as it goes: it does not tell how large the object is. */
export class UnknownSize extends Error {}

/** A length may stand there twice (RFC 9110, 8.6). */
function count(text: string): number | undefined {
  const digits = /^(\d{1,15})(?:, *\1)*$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a Content-Range, which a 200 has no need of, is that of the whole: a cache may have made it of a 206. */
function isOfAll(response: ResponseHead, total: number): boolean {
  const range = response.headers["content-range"];
  return (
    range === undefined || isOfNothing(response) || range.toLowerCase() === `bytes 0-${total - 1}/${total}`
  );
}

/** Of a body that is chunked, or ends with the connection, the length is what is expected: it is compared at its end. */
function wholeResponse(response: ResponseHead, { expected }: Question): number {
  const { "content-length": length, "content-range": range } = response.headers;
  const total = length === undefined ? expected : count(length);
  if (total === undefined)
    throw length === undefined ? new UnknownSize() : unsupportedResponse(`Content-Length ${length}`);
  if (!isOfAll(response, total)) throw unsupportedResponse(`status 200 with Content-Range "${range}"`);
  return total;
}

const isNamed = ({ headers }: ResponseHead): boolean =>
  headers.etag !== undefined || headers["last-modified"] !== undefined;

/**
 * What is no page of a proxy. That may tell when it was changed, or have a store's headers, which a gateway adds; an object
 * that is HTML has both, or an ETag.
 */
function isNoPage(response: ResponseHead): boolean {
  const { headers } = response;
  const { etag, "content-type": type = "" } = headers;
  if (etag !== undefined) return true;
  const isOfStore = Object.keys(headers).some((name) => /^x-(?:amz|goog)-/.test(name));
  const isHtml = /^(?:text\/html|application\/xhtml)/i.test(type);
  return isHtml ? isOfStore && isNamed(response) : isOfStore || isNamed(response);
}

/** Whether a server has given the whole object for its first bytes: it may (RFC 9110, 14.2). No later range is answered so. */
function isWholeInstead(response: ResponseHead, { asked, known, isAlone }: Question): boolean {
  return (
    response.status === 200 && asked?.start === 0 && known === undefined && isAlone && isNoPage(response)
  );
}

/** An empty object has no range; stores write one all the same. */
function isOfNothing({ headers }: ResponseHead): boolean {
  const { "content-range": range = "", "content-length": length = "0" } = headers;
  return /^bytes (0--1|0-0|\*)\/0$/i.test(range) && length === "0";
}

function rangeResponse(response: ResponseHead, asked: ByteRange, { known, expected }: Question): number {
  const { status, headers } = response;
  if (status !== 206) throw unsupportedResponse(`status ${status} to a request for a range`);
  if (asked.start === 0 && isOfNothing(response)) return 0;
  const { "content-range": range = "", "content-length": length } = headers;
  const [, start, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(range) ?? [];
  const total = size === "*" ? (known?.total ?? expected) : Number(size);
  if (total === undefined) throw new UnknownSize();
  const end = Math.min(asked.end, total);
  if (Number(start) !== asked.start || Number(last) !== end - 1)
    throw unsupportedResponse(`Content-Range "${range}" to bytes=${asked.start}-${asked.end - 1}`);
  if (length !== undefined && count(length) !== end - asked.start)
    throw unsupportedResponse(`Content-Length ${length} of range ${start}-${last}`);
  return total;
}

/**
 * S3 names the ETag of every object, and the time of its last change. What has neither, and is no larger than an error,
 * may be one under the status 200.
 */
export function isSurelyObject(response: ResponseHead): boolean {
  const { status, headers } = response;
  return status !== 200 || isNamed(response) || !(Number(headers["content-length"]) <= LARGEST_ERROR);
}

/** What a response brings. */
export interface Brought {
  readonly known: KnownObject;
  readonly head: ObjectHead;
  /** The place in the object behind its last byte. */
  readonly end: number;
}

function sizeIn(
  response: ResponseHead,
  question: Question,
): Pick<Brought, "end"> & { readonly total: number } {
  const { asked } = question;
  if (asked !== undefined && !isWholeInstead(response, question)) {
    const total = rangeResponse(response, asked, question);
    return { total, end: Math.min(asked.end, total) };
  }
  if (response.status !== 200)
    throw unsupportedResponse(`status ${response.status} to a request for the whole object`);
  const total = wholeResponse(response, question);
  return { total, end: total };
}

/**
 * Checks that a response is what was asked for, before a byte of it is taken.
 *
 * @throws Failure when the range, the length or the object is another; UnknownSize
 */
export function checkResponse(response: ResponseHead, question: Question): Brought {
  const { total, end } = sizeIn(response, question);
  const { known } = question;
  const head = objectHead(response.headers, total);
  const { etag, lastModified } = head;
  if (known === undefined) return { known: { total, etag, lastModified }, head, end };
  // Not every server obeys If-Match, and not every ETag can be given to it.
  if (known.total !== total || !isSameVersion(known, { etag, lastModified })) throw objectChanged();
  return { known, head, end };
}
