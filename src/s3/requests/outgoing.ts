import { createHash } from "node:crypto";
import type { Signable } from "../../aws/sign.js";
import { encodeKey, encodeQueryPart } from "../../aws/uri-encode.js";
import { headerBytes } from "../../http/header-bytes.js";
import type { WireRequest } from "../../http/request.js";
import type { Address } from "../endpoint/address.js";
import type { ByteListener } from "../store.js";
import type { Body, S3Request } from "./request.js";

const EMPTY_SHA256 = createHash("sha256").digest("hex");

/**
 * The server compares a body with its checksum, or with the hash in the signature. As in botocore the hash is left out
 * only over TLS, and only where there is a checksum.
 */
function payloadHash({ signsBody }: S3Request, body: Body | undefined, headers: object, origin: string) {
  if (body === undefined) return EMPTY_SHA256;
  const hasChecksum = Object.keys(headers).some((name) => name.startsWith("x-amz-checksum-"));
  const vouched = origin.startsWith("https:") && hasChecksum && signsBody !== true;
  return vouched ? "UNSIGNED-PAYLOAD" : body.hash("sha256");
}

/** In the order that a signature covers it: by encoded name (one that `=` ends sorts otherwise). */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encodeQueryPart(name), encodeQueryPart(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function* counted(body: Body, watch: BodyWatch): Generator<Uint8Array> {
  try {
    for (const chunk of body.chunks()) {
      yield chunk;
      // Asked for the next one: this one has been handed over.
      watch.onSent(chunk.length);
    }
  } catch (error) {
    watch.onUnreadable(error as Error);
    throw error;
  }
}

function sendable(body: Body, watch: BodyWatch): Buffer | Iterable<Uint8Array> {
  if (body.whole === undefined) return counted(body, watch);
  watch.onSent(body.size);
  return body.whole;
}

/** With `--request-payer`: every operation on a bucket takes the header (Amazon S3 User Guide, "Requester Pays"). */
export function withPayer(request: S3Request, requestPayer: string | undefined): S3Request {
  if (requestPayer === undefined || request.bucket === undefined) return request;
  return { ...request, headers: { ...request.headers, "x-amz-request-payer": requestPayer } };
}

/**
 * Whether a request may be done twice: what only reads, always (RFC 9110, 9.2.1), also pinned by If-Match. Of what writes,
 * a condition may no longer hold the second time, and a POST makes a second upload or finds none.
 */
export function isRepeatable({ method, headers }: S3Request): boolean {
  if (method === "GET" || method === "HEAD") return true;
  return method !== "POST" && headers?.["if-none-match"] === undefined && headers?.["if-match"] === undefined;
}

/** Told how sending a body goes. */
export interface BodyWatch {
  readonly onSent: ByteListener;
  readonly onUnreadable: (error: Error) => void;
}

/**
 * A request as it goes over the wire to an address.
 *
 * @param sign adds the headers of a signature
 */
export function outgoing(
  request: S3Request,
  address: Address,
  watch: BodyWatch,
  sign: (signable: Signable) => void,
): WireRequest {
  const { method } = request;
  const body = request.body?.size === 0 ? undefined : request.body;
  const path = address.path + encodeKey(request.key ?? "");
  const query = request.query === undefined ? "" : encodeQuery(request.query);
  const headers: Record<string, string> = { host: address.host };
  for (const name in request.headers)
    if (!request.leavesOut?.(name)) headers[name] = headerBytes(name, request.headers[name] as string);
  headers["x-amz-content-sha256"] = payloadHash(request, body, headers, address.origin);
  if (body !== undefined) headers["content-length"] = String(body.size);
  else if (method === "PUT" || method === "POST") headers["content-length"] = "0";
  sign({ method, path, query, headers });
  if (request.isAlone === true) headers.connection = "close";
  const { isAlone = false } = request;
  const target = query === "" ? path : `${path}?${query}`;
  return {
    origin: address.origin,
    method,
    path: target,
    headers,
    body: body && sendable(body, watch),
    isAlone,
    // Copying again costs S3 much: not before a pause.
    isRepeatable: isRepeatable(request) && request.isSlowOperation !== true,
  };
}
