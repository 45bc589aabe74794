import type { KeyRing } from "../key-ring.js";
import type { Bucket, Buckets } from "./buckets.js";
import type { S3Request } from "./s3-request.js";
import type { VerifiedSignature } from "./signature.js";
import type { Role } from "./sts.js";

/** Sizes in bytes that S3 sets; a test lowers them to see them enforced. */
export interface Limits {
  /** The least a part other than the last may have: 5 MiB. */
  readonly minimumPart: number;
  /** The most that PutObject, UploadPart and CopyObject take: 5 GiB. */
  readonly maximumPut: number;
  readonly maximumParts: number;
}

/** What an operation works on. */
export interface Call {
  readonly request: S3Request;
  /** Out of its aws-chunked coat, and checked. */
  readonly body: Buffer;
  readonly buckets: Buckets;
  /** The request's bucket. For operations on none it throws. */
  readonly bucket: Bucket;
  /** The request's key; `""` for operations on none. */
  readonly key: string;
  readonly caller: VerifiedSignature | undefined;
  /** Where new keys become good. */
  readonly keys: KeyRing;
  /** Those that STS gives. */
  readonly roles: readonly Role[];
  readonly limits: Limits;
  /** Knows the checksums of 2022 and later; an older store ignores them. */
  readonly modernChecksums: boolean;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What goes back. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Operation = (call: Call) => Response;

/** A document of XML. */
export function xmlResponse(body: Buffer, headers: Readonly<Record<string, string>> = {}): Response {
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}

export function emptyResponse(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return { status, headers, body: Buffer.alloc(0) };
}
