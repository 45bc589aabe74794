import { createHash } from "node:crypto";
import { crc32, crc32c, crc64nvme } from "./crc.js";
import { badDigest, invalidRequest } from "./s3-error.js";

const ALGORITHMS: Readonly<Record<string, (data: Buffer) => Buffer>> = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: (data) => createHash("sha1").update(data).digest(),
  SHA256: (data) => createHash("sha256").update(data).digest(),
  SHA512: (data) => createHash("sha512").update(data).digest(),
};

/** A checksum of an object as S3 keeps it. */
export interface Checksum {
  readonly algorithm: string;
  /** Base64; `…-N` when it is composite. */
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** Base64 of the data's checksum. */
export function checksumOf(algorithm: string, data: Buffer): string {
  const compute = ALGORITHMS[algorithm];
  if (compute === undefined) throw invalidRequest(`Checksum algorithm ${algorithm} is not supported.`);
  return compute(data).toString("base64");
}

/** The checksum of the parts' checksums, `…-N`. */
export function compositeOf(algorithm: string, parts: readonly string[]): string {
  const all = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
  return `${checksumOf(algorithm, all)}-${parts.length}`;
}

export const checksumHeader = (algorithm: string) => `x-amz-checksum-${algorithm.toLowerCase()}`;

export const checksumElement = (algorithm: string) => `Checksum${algorithm}`;

export const CHECKSUM_ALGORITHMS = Object.keys(ALGORITHMS);

/** A checksum that came with a body, in a header or a trailer. */
export function sentChecksum(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): { algorithm: string; value: string } | undefined {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = headers[checksumHeader(algorithm)];
    if (typeof value === "string") return { algorithm, value };
  }
  return undefined;
}

/** Refuses a body that is not what its Content-MD5 or x-amz-checksum-… says; an older store looks at the first alone. */
export function checkBody(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
  modernChecksums: boolean,
): void {
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5 !== createHash("md5").update(body).digest("base64")) {
    throw badDigest("Content-MD5");
  }
  const sent = modernChecksums ? sentChecksum(headers) : undefined;
  if (sent !== undefined && sent.value !== checksumOf(sent.algorithm, body)) throw badDigest(sent.algorithm);
}
