import { Failure } from "../failure.js";
import { changedFailure } from "../output/changed-failure.js";
import { printable, shortened } from "../output/printable.js";

type Headers = Readonly<Record<string, string>>;

/**
 * What a service calls the request by which its support, or its log, finds it, most telling first: S3 and most others
 * (Amazon S3 API Reference, "Common Response Headers"), STS, then Google Cloud Storage, Alibaba OSS, Tencent COS, Swift,
 * and what stands before a store (CloudFront, Cloudflare).
 */
const NAMES = [
  "x-amz-request-id",
  "x-amzn-requestid",
  "x-guploader-uploadid",
  "x-oss-request-id",
  "x-cos-request-id",
  "x-trans-id",
  "x-amz-cf-id",
  "cf-ray",
];

const shown = (text: string) => shortened(printable(text));

function named(headers: Headers): string | undefined {
  return NAMES.find((name) => headers[name]);
}

/**
 * The id that a response gives to its request, safe to print; undefined where it gives none.
 *
 * @param inBody where no header has it
 */
export function requestIdOf(headers: Headers, inBody?: string): string | undefined {
  const name = named(headers);
  const id = name === undefined ? inBody : headers[name];
  return id ? shown(id) : undefined;
}

/** A sentence about a response, with the id of its request behind it. */
export function withRequestId(sentence: string, id: string | undefined): string {
  return id === undefined ? sentence : `${sentence} (request ID ${id})`;
}

/** A failure about a response, with the id of its request; whatever else was thrown as it is. */
export function identified(thrown: unknown, headers: Headers): unknown {
  if (!(thrown instanceof Failure)) return thrown;
  return changedFailure(thrown, { message: withRequestId(thrown.message, requestIdOf(headers)) });
}

/** The ids with the names of their headers, for `--debug`: `, x-amz-request-id 4442587FB7D0A2F9, x-amz-id-2 ...`. */
export function shownRequestIds(headers: Headers): string {
  return [named(headers), "x-amz-id-2"]
    .map((name) => (name !== undefined && headers[name] ? `, ${name} ${shown(headers[name])}` : ""))
    .join("");
}
