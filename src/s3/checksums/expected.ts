import { CHECKSUM_NAMES, type ChecksumName, checksumHeader, newChecksum } from "./algorithms.js";

/** A checksum of a whole object, as S3 told it. */
export interface ExpectedChecksum {
  readonly name: ChecksumName;
  /** Base64. */
  readonly value: string;
  /** Of the checksum of the one part that the object was put together from (`-1`). */
  readonly isOfOnePart: boolean;
}

/** A checksum that nothing can be compared with: whoever wrote it may have harmed the data as well. */
export class UnreadableChecksum extends Error {
  /** The header, and what it says. */
  constructor(header: string, value: string) {
    super(`${header}: ${value}`);
  }
}

/** Bytes of a value. */
const LENGTHS: Readonly<Record<ChecksumName, number>> = {
  CRC64NVME: 8,
  CRC32C: 4,
  CRC32: 4,
  SHA512: 64,
  SHA256: 32,
  SHA1: 20,
};

const HEADERS = CHECKSUM_NAMES.map((name) => ({ name, header: checksumHeader(name), length: LENGTHS[name] }));

/** Base64, and behind it, where it is one of parts, how many these are. */
const VALUE = /^([^-]*)(?:-(\d{1,5}))?$/;

function isBase64Of(length: number, text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text;
}

/**
 * The checksums of the whole object from a response's headers, all that can be compared: not those of a kind that we do not
 * know, nor composite ones (the checksum of part checksums, marked so or by its `-N`) of more parts than one.
 *
 * @param headers of a response to a request for the whole object, names in lower case
 * @throws UnreadableChecksum when one is no checksum of its kind, or is there twice and differs
 */
export function expectedChecksums(headers: Readonly<Record<string, string>>): readonly ExpectedChecksum[] {
  const isComposite = headers["x-amz-checksum-type"]?.toUpperCase() === "COMPOSITE";
  return HEADERS.flatMap(({ name, header, length }) => {
    const text = headers[header];
    if (text === undefined) return [];
    const [first = "", ...others] = text.split(/, */);
    const [, value = "", parts] = VALUE.exec(first) ?? [];
    if (others.some((other) => other !== first) || !isBase64Of(length, value))
      throw new UnreadableChecksum(header, text);
    const isOfParts = isComposite || parts !== undefined;
    return isOfParts && parts !== "1" ? [] : [{ name, value, isOfOnePart: isOfParts }];
  });
}

/** What the whole object's checksum must be written as, to be compared: base64. */
export function asExpected({ name, isOfOnePart }: ExpectedChecksum, digest: Buffer): string {
  if (!isOfOnePart) return digest.toString("base64");
  const checksum = newChecksum(name);
  checksum.update(digest);
  return checksum.digest().toString("base64");
}

/** Whether a response says anything about checksums, be it something that we cannot verify. */
export function mentionsChecksum(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((header) => header.startsWith("x-amz-checksum-"));
}
