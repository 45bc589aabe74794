import type { SourceDescription } from "../credentials/credentials.js";
import type { Response } from "../http/response.js";
import { isRegion } from "./region.js";
import { requestIdOf } from "./request-id.js";
import { childText, parseXml, rootName, type XmlElement } from "./xml/parse.js";

/** What HTTP calls the statuses that S3, or something before it, answers without a word (RFC 9110, 15). */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  301: "Moved Permanently",
  302: "Found",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  409: "Conflict",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  416: "Range Not Satisfiable",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** A response with the status of a success that is none. */
const UNCONFIRMED = "the response does not confirm that it was done";

/** What Go, nginx and Apache say of plain HTTP to a port of theirs that speaks TLS. */
const WANTS_TLS = /HTTP request (?:was sent )?to (?:an )?HTTPS|speaking plain HTTP to an SSL/i;

/** Whose keys signed a request. */
export interface KeysOf {
  /** `AWS_ACCESS_KEY_ID (environment variable)` */
  readonly words: string;
  readonly kind: SourceDescription["kind"];
  /** The command that shows which role they belong to, where one line can say it. */
  readonly check?: string | undefined;
}

/** Whom and what a request was about. */
export interface AskedFor {
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly versionId?: string | undefined;
  readonly region?: string;
  /** Whether it went without keys (`--no-sign-request`). */
  readonly unsigned?: boolean;
  readonly keysOf?: KeysOf | undefined;
}

/** What S3 said when it did not do what was asked. */
export class ServerError extends Error {
  readonly status: number;
  /** S3's code (`NoSuchKey`), or the status when the response had none. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The region that the response names for the bucket. */
  readonly region: string | undefined;
  /** Whether S3 explained itself: a response to HEAD, or of a proxy, does not. */
  readonly explained: boolean;
  /** S3's name for what was asked: `GetObject`. */
  readonly operation: string;
  /** What the response calls the request, safe to print. */
  readonly requestId: string | undefined;
  /** `If-None-Match`: the condition that did not hold, where S3 says which. */
  readonly condition: string | undefined;
  /** `If-None-Match`, `x-amz-checksum-mode`: the header or parameter that S3 names as what it did not take. */
  readonly argument: string | undefined;

  /** Whether it was asked over plain HTTP, and speaks TLS. */
  readonly wantsTls: boolean;
  /** What was asked for, as far as the sender says. */
  readonly asked: AskedFor;

  constructor(response: Response, operation: string, asked: AskedFor = {}) {
    const xml = errorElement(response);
    const code = childText(xml, "Code");
    super(childText(xml, "Message") || statusName(response.status));
    this.operation = operation;
    this.asked = asked;
    this.wantsTls = code === undefined && WANTS_TLS.test(response.body.toString("latin1", 0, 1024));
    this.status = response.status;
    this.code = code ?? String(response.status);
    this.explained = code !== undefined;
    this.headers = response.headers;
    this.region = regionOf(response.headers, xml);
    this.requestId = requestIdOf(response.headers, childText(xml, "RequestId"));
    this.condition = childText(xml, "Condition");
    this.argument = childText(xml, "Header") ?? childText(xml, "ArgumentName");
  }
}

function statusName(status: number): string {
  return STATUS_NAMES[status] ?? (status < 300 ? UNCONFIRMED : "an unknown status");
}

function errorElement({ body }: Response): XmlElement | undefined {
  const root = parseXml(body.toString());
  if (root?.name === "Error") return root;
  // STS and some gateways wrap it.
  return root?.children.find(({ name }) => name === "Error");
}

/**
 * A region stands in a header, in the body (of some stores in the message alone), or in the name of the endpoint that a
 * redirect points to.
 */
function regionOf(
  headers: Readonly<Record<string, string>>,
  xml: XmlElement | undefined,
): string | undefined {
  const named = headers["x-amz-bucket-region"] ?? childText(xml, "Region");
  const pointed = `${headers.location} ${childText(xml, "Endpoint")}`.match(
    /\bs3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/,
  )?.[1];
  const expected = /; expecting '([^']+)'/.exec(childText(xml, "Message") ?? "")?.[1];
  const region = named ?? pointed ?? expected;
  // It becomes part of the host that gets the next request, with its signature.
  return region !== undefined && isRegion(region) ? region : undefined;
}

/**
 * Whether a 200 is in truth an error: S3 may begin its response before it has finished (CopyObject and
 * CompleteMultipartUpload always), and cannot take the status back.
 */
export function hidesError({ body }: Response): boolean {
  const root = body.length && rootName(body);
  return root === "Error" || root === "ErrorResponse";
}

/** Whether a condition of the request did not hold, which S3 may have noticed only after it had begun its response. */
export function isPreconditionFailed(error: unknown): error is ServerError {
  return error instanceof ServerError && (error.status === 412 || error.code === "PreconditionFailed");
}

/** Whether what arrived was not what was sent, as the server found by its digest. */
export function isDigestRefused(error: unknown): error is ServerError {
  return (
    error instanceof ServerError &&
    /^(BadDigest|InvalidDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch)$/.test(error.code)
  );
}
