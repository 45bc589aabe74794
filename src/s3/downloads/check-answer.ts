import type { AnswerHead } from "../../http/answer.js";
import { objectChanged, oddAnswer } from "../failures.js";
import { objectHead } from "../objects/object-head.js";
import { isSameVersion, type VersionMarks } from "../objects/version.js";
import type { Piece } from "./target.js";

/** Bytes: no error of S3 is larger. */
const LARGEST_ERROR = 64 * 1024;

/** What the first answer told of the object, which every later one must agree with. */
export interface KnownObject extends VersionMarks {
  /** Bytes. */
  readonly total: number;
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function wholeAnswer({ status, headers }: AnswerHead): number {
  if (status !== 200) throw oddAnswer(`status ${status} to a request for the whole object`);
  const total = count(headers["content-length"]);
  if (total === undefined) throw oddAnswer("no Content-Length");
  return total;
}

function rangeAnswer({ status, headers }: AnswerHead, asked: Piece): number {
  if (status !== 206) throw oddAnswer(`status ${status} to a request for a range`);
  const [, start, last, total] =
    headers["content-range"]?.match(/^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/) ?? [];
  const expectedEnd = Math.min(asked.end, Number(total));
  if (Number(start) !== asked.start || Number(last) !== expectedEnd - 1)
    throw oddAnswer(
      `Content-Range "${headers["content-range"] ?? ""}" to bytes=${asked.start}-${asked.end - 1}`,
    );
  const length = headers["content-length"];
  if (length !== undefined && count(length) !== expectedEnd - asked.start)
    throw oddAnswer(`Content-Length ${length} of range ${start}-${last}`);
  return Number(total);
}

/**
 * S3 names the ETag of every object, and the time of its last change. What has neither, and is no larger than an error,
 * may be one under the status 200.
 */
export function isSurelyObject({ status, headers }: AnswerHead): boolean {
  const isNamed = headers.etag !== undefined || headers["last-modified"] !== undefined;
  return status !== 200 || isNamed || !(Number(headers["content-length"]) <= LARGEST_ERROR);
}

/**
 * Checks that an answer is what was asked for, before a byte of it is taken.
 *
 * @param asked undefined: the whole object
 * @param known undefined at the first answer
 * @throws Failure when the range, the length or the object is another
 */
export function checkAnswer(
  answer: AnswerHead,
  asked: Piece | undefined,
  known: KnownObject | undefined,
): KnownObject {
  const total = asked === undefined ? wholeAnswer(answer) : rangeAnswer(answer, asked);
  const { etag, lastModified } = objectHead(answer.headers, total);
  if (known === undefined) return { total, etag, lastModified };
  // Not every server obeys If-Match, and not every ETag can be given to it.
  if (known.total !== total || !isSameVersion(known, { etag, lastModified })) throw objectChanged();
  return known;
}
