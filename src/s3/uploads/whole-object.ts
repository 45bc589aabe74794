import { createHash } from "node:crypto";
import {
  type ChecksumName,
  checksumHeader,
  crcBytes,
  crcFromBytes,
  newChecksum,
  polynomialOf,
} from "../checksums/algorithms.js";
import { combineCrcs } from "../checksums/combine.js";
import type { ObjectHead } from "../store.js";

/** A part as the object is put together from it. */
export interface PartOfWhole {
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** Of what was read here, base64; undefined when none was computed. */
  readonly own: string | undefined;
}

/** What an object that is put together from parts must be, told from the parts alone. */
export interface WholeObject {
  /** Bytes. */
  readonly size: number;
  /** Undefined when the parts' ETags are not of the form that an object's could be told from. */
  readonly etag: string | undefined;
  readonly checksum:
    | {
        readonly name: ChecksumName;
        /** Of all bytes, base64: a CRC of a whole follows from its parts', a hash does not. */
        readonly full: string | undefined;
        /** The checksum of the parts' checksums, without its `-N`. */
        readonly composite: string;
      }
    | undefined;
}

/** S3's ETag of an object of parts: the MD5 of the parts' MD5s, and how many they are. */
function etagOfParts(parts: readonly PartOfWhole[]): string | undefined {
  const digests = parts.flatMap(({ etag }) => /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1] ?? []);
  if (digests.length < parts.length) return undefined;
  try {
    return `${createHash("md5").update(digests.join(""), "hex").digest("hex")}-${parts.length}`;
  } catch {
    // Where FIPS 140 rules, there is no MD5.
    return undefined;
  }
}

function checksumOfParts(
  name: ChecksumName | undefined,
  parts: readonly PartOfWhole[],
): WholeObject["checksum"] {
  if (name === undefined || parts.some(({ own }) => own === undefined)) return undefined;
  const sums = parts.map(({ own = "", size }) => ({ digest: Buffer.from(own, "base64"), size }));
  const checksum = newChecksum(name);
  checksum.update(Buffer.concat(sums.map(({ digest }) => digest)));
  const composite = checksum.digest().toString("base64");
  const polynomial = polynomialOf(name);
  if (polynomial === undefined) return { name, full: undefined, composite };
  const crcs = sums.map(({ digest, size }) => ({ crc: crcFromBytes(digest), length: size }));
  return {
    name,
    full: crcBytes(polynomial, combineCrcs(polynomial, crcs)).toString("base64"),
    composite,
  };
}

/** @param name of the checksum that was computed of the parts */
export function wholeObject(name: ChecksumName | undefined, parts: readonly PartOfWhole[]): WholeObject {
  return {
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: etagOfParts(parts),
    checksum: checksumOfParts(name, parts),
  };
}

/**
 * What a copy in parts must be: its source, by the one checksum that S3 always has of a whole object.
 *
 * @param asked for the copy; the source's is not compared with one of another kind
 */
export function wholeCopy(
  source: ObjectHead,
  parts: readonly PartOfWhole[],
  asked: ChecksumName | undefined,
): WholeObject {
  const name = "CRC64NVME";
  const full = source.headers[checksumHeader(name)];
  const isComparable = full !== undefined && (asked ?? name) === name;
  const whole = wholeObject(undefined, parts);
  return isComparable ? { ...whole, checksum: { name, full, composite: full } } : whole;
}

/** Whether a checksum that the server names for the whole is that of the parts, in full or composite. */
export function isChecksumOf({ checksum }: WholeObject, value: string): boolean {
  const plain = value.replace(/-\d+$/, "");
  return checksum !== undefined && (plain === checksum.full || plain === checksum.composite);
}

/** Whether a server names a checksum of the kind that the parts were given. */
export function namesChecksum({ checksum }: WholeObject, { headers }: Pick<ObjectHead, "headers">): boolean {
  return checksum !== undefined && headers[checksumHeader(checksum.name)] !== undefined;
}

/**
 * Whether an object is, beyond doubt, the one that was put together from the parts: by its checksum, or by its ETag where
 * the server names none. A like size proves nothing.
 */
export function isProvenToBe(whole: WholeObject, { size, etag, headers }: ObjectHead): boolean {
  if (size !== whole.size) return false;
  const named = whole.checksum && headers[checksumHeader(whole.checksum.name)];
  if (named !== undefined) return isChecksumOf(whole, named);
  return whole.etag !== undefined && etag?.replace(/^"|"$/g, "").toLowerCase() === whole.etag;
}
