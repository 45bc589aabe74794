import { CHECKSUM_NAMES, type ChecksumName, checksumHeader } from "../checksums/algorithms.js";
import { md5Of } from "../requests/bodies.js";
import type { Part } from "./part-source.js";

/** A checksum in base64. */
export interface Sum {
  readonly name: ChecksumName;
  readonly value: string;
}

/** What a server's response says of the bytes that it has stored. */
export type Stored =
  | { readonly is: "right" }
  | { readonly is: "wrong"; readonly stored: Sum; readonly own: Sum }
  /** No word of any checksum. */
  | { readonly is: "untold" };

/**
 * Compares every checksum in a response to PutObject or UploadPart with that of the bytes which were to be stored.
 *
 * @param sent the one that went along, which need not be computed again
 */
export function compareStored(
  part: Part,
  sent: Sum | undefined,
  headers: Readonly<Record<string, string>>,
): Stored {
  let told = false;
  for (const name of CHECKSUM_NAMES) {
    const value = headers[checksumHeader(name)];
    if (value === undefined || value === "") continue;
    told = true;
    const own = sent?.name === name ? sent : { name, value: part.checksum(name).toString("base64") };
    if (own.value !== value) return { is: "wrong", stored: { name, value }, own };
  }
  return { is: told ? "right" : "untold" };
}

/**
 * Whether the ETag of a response looks like the MD5 of what was stored. Under keys of KMS or of the customer it is none
 * (Amazon S3 API Reference, Object: ETag).
 */
export function looksLikeMd5(etag: string | undefined, headers: Readonly<Record<string, string>>): boolean {
  const isOtherwise =
    headers["x-amz-server-side-encryption"]?.startsWith("aws:") === true ||
    headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined;
  return !isOtherwise && /^(?:W\/)?"?[0-9a-f]{32}"?$/i.test(etag ?? "");
}

/** Whether an ETag is the MD5 of the bytes; that it is not says nothing, for not every ETag is an MD5. */
export function isMd5Of(part: Part, etag = ""): boolean {
  const hex = /^(?:W\/)?"?([0-9a-f]{32})"?$/i.exec(etag)?.[1];
  return hex !== undefined && md5Of(part.body) === hex.toLowerCase();
}
