import { CHECKSUM_NAMES, type ChecksumName, checksumHeader } from "./algorithms.js";

/** The checksum of a whole object, as S3 told it. */
export interface ExpectedChecksum {
  readonly name: ChecksumName;
  /** Base64. */
  readonly value: string;
}

const HEADERS = CHECKSUM_NAMES.map((name) => [name, checksumHeader(name)] as const);

/**
 * The checksum of the whole object from an answer's headers; undefined when there is none that can be verified: absent,
 * of a kind we do not know, or composite (a checksum of part checksums, marked so or by its `-N`).
 *
 * @param headers of an answer to a request for the whole object, names in lower case
 */
export function expectedChecksum(headers: Readonly<Record<string, string>>): ExpectedChecksum | undefined {
  if (headers["x-amz-checksum-type"]?.toUpperCase() === "COMPOSITE") return undefined;
  for (const [name, header] of HEADERS) {
    const value = headers[header];
    if (value !== undefined && /^[A-Za-z0-9+/]+=*$/.test(value)) return { name, value };
  }
  return undefined;
}

/** Whether an answer says anything about checksums, be it something that we cannot verify. */
export function mentionsChecksum(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((header) => header.startsWith("x-amz-checksum-"));
}
