import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { KeyRing, KnownKeys } from "../key-ring.js";
import { accessDenied, S3Error } from "./s3-error.js";
import { header, type S3Request } from "./s3-request.js";

/** Milliseconds that a client's clock may be off. */
const MAXIMUM_SKEW = 15 * 60_000;

/** A request's signature that holds: what the chunks of its body are checked with. */
export interface VerifiedSignature {
  readonly keys: KnownKeys;
  /** `20261127/us-east-1/s3/aws4_request` */
  readonly scope: string;
  readonly region: string;
  readonly date: string;
  readonly signingKey: Buffer;
  readonly signature: string;
  /** The value of x-amz-content-sha256. */
  readonly payload: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/(s3|sts)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

export const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

export const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

/** RFC 3986, every byte but the unreserved ones. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function byCodePoint([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Source: "Create a signed AWS API request", IAM User Guide; S3 encodes the path once. */
function canonicalRequest(request: S3Request, signedHeaders: readonly string[], payload: string): string {
  const path = request.rawPath
    .split("/")
    .map((part) => encode(decodeURIComponent(part)))
    .join("/");
  const query = request.parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort((a, b) => byCodePoint(a, b) || byCodePoint([a[1], ""], [b[1], ""]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = signedHeaders.map((name) => {
    const value = header(request, name);
    return `${name}:${(value ?? "").replace(/ +/g, " ").replace(/^ | $/g, "")}\n`;
  });
  return [request.method, path, query, headers.join(""), signedHeaders.join(";"), payload].join("\n");
}

function timeOf(date: string): number {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const time = Date.parse(iso);
  if (iso === date || Number.isNaN(time))
    throw accessDenied("AWS authentication requires a valid Date or x-amz-date header");
  return time;
}

function checkKeys(keys: KnownKeys, token: string | undefined, now: number): void {
  if (keys.sessionToken !== token) {
    throw new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  if (keys.expiresAt !== undefined && keys.expiresAt <= now) {
    throw new S3Error(400, "ExpiredToken", "The provided token has expired.");
  }
}

/** Whatever could change what the request means must be signed. */
function checkSignedHeaders(request: S3Request, signed: readonly string[]): void {
  const required = Object.keys(request.headers).filter((name) => name.startsWith("x-amz-"));
  for (const name of ["host", ...required]) {
    if (!signed.includes(name)) {
      throw accessDenied("There were headers present in the request which were not signed");
    }
  }
}

/**
 * Checks an `Authorization: AWS4-HMAC-SHA256 …` header against the keys of the ring.
 *
 * @returns undefined for a request without one: it is anonymous
 * @throws S3Error as S3 words it
 */
export function verifySignature(
  request: S3Request,
  ring: KeyRing,
  now: number,
): VerifiedSignature | undefined {
  const authorization = header(request, "authorization");
  if (authorization === undefined) return undefined;
  const [, accessKeyId, day, region, service, names, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (!accessKeyId || !day || !region || !service || !names || !signature) {
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  }
  const date = header(request, "x-amz-date") ?? "";
  if (Math.abs(timeOf(date) - now) > MAXIMUM_SKEW) {
    throw new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      {
        elements: {
          RequestTime: date,
          ServerTime: new Date(now).toISOString(),
          MaxAllowedSkewMilliseconds: "900000",
        },
      },
    );
  }
  const keys = ring.find(accessKeyId);
  if (keys === undefined) {
    throw new S3Error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      {
        elements: { AWSAccessKeyId: accessKeyId },
      },
    );
  }
  const signedHeaders = names.split(";");
  checkSignedHeaders(request, signedHeaders);
  const payload = header(request, "x-amz-content-sha256") ?? "";
  const scope = `${day}/${region}/${service}/aws4_request`;
  const signingKey = hmac(
    hmac(hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region), service),
    "aws4_request",
  );
  const canonical = canonicalRequest(request, signedHeaders, payload);
  const expected = hmac(
    signingKey,
    ["AWS4-HMAC-SHA256", date, scope, sha256(Buffer.from(canonical, "latin1"))].join("\n"),
  );
  if (!date.startsWith(day) || !timingSafeEqual(expected, Buffer.from(signature, "hex"))) {
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      { elements: { AWSAccessKeyId: accessKeyId, CanonicalRequest: canonical } },
    );
  }
  checkKeys(keys, header(request, "x-amz-security-token"), now);
  return { keys, scope, region, date, signingKey, signature, payload };
}
