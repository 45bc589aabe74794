import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { CrcEngine } from "./crc-engine.js";
import { CRC32, CRC32C, CRC64NVME, type Polynomial } from "./polynomials.js";

/** The checksums of S3 that we compute, strongest promise first: a CRC of a whole object can be had from its parts'. */
export const CHECKSUM_NAMES = ["CRC64NVME", "CRC32C", "CRC32", "SHA512", "SHA256", "SHA1"] as const;

export type ChecksumName = (typeof CHECKSUM_NAMES)[number];

/** `x-amz-checksum-crc64nvme`: carries the value in base64, on requests and answers. */
export function checksumHeader(name: ChecksumName): string {
  return `x-amz-checksum-${name.toLowerCase()}`;
}

const POLYNOMIALS: Partial<Record<ChecksumName, Polynomial>> = { CRC64NVME, CRC32C, CRC32 };

/** The polynomial of a CRC; undefined for a hash, whose value for a whole cannot be had from its parts'. */
export function polynomialOf(name: ChecksumName): Polynomial | undefined {
  return POLYNOMIALS[name];
}

const engines = new Map<Polynomial, CrcEngine>();

/** The one engine for a polynomial: making one costs a few ms for its tables. */
function engineFor(polynomial: Polynomial): CrcEngine {
  const engine = engines.get(polynomial) ?? new CrcEngine(polynomial);
  engines.set(polynomial, engine);
  return engine;
}

/** A checksum in the making. */
export interface Checksum {
  /** Where bytes may be read into for `updateFromWindow`: saves a copy with some algorithms. */
  readonly window: Uint8Array;
  /** Takes the first `length` bytes of the window. */
  updateFromWindow(length: number): void;
  update(bytes: Uint8Array): void;
  /** The value so far, big-endian. */
  digest(): Buffer;
}

let window: Buffer | undefined;

/** One for all checksums that have no memory of their own: a small object's would cost more than its checksum. */
function sharedWindow(): Buffer {
  window ??= Buffer.allocUnsafeSlow(256 * 1024);
  return window;
}

/** zlib's CRC-32 uses the processor's instructions. */
class NativeCrc32 implements Checksum {
  #crc = 0;

  get window(): Uint8Array {
    return sharedWindow();
  }

  updateFromWindow(length: number): void {
    this.update(this.window.subarray(0, length));
  }
  update(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc);
  }
  digest(): Buffer {
    return crcBytes(CRC32, BigInt(this.#crc));
  }
}

class EngineCrc implements Checksum {
  readonly window: Uint8Array;
  readonly #engine: CrcEngine;
  readonly #polynomial: Polynomial;
  #crc = 0n;

  constructor(polynomial: Polynomial) {
    this.#engine = engineFor(polynomial);
    this.#polynomial = polynomial;
    this.window = this.#engine.window;
  }
  updateFromWindow(length: number): void {
    this.#crc = this.#engine.updateFromWindow(this.#crc, length);
  }
  update(bytes: Uint8Array): void {
    this.#crc = this.#engine.update(this.#crc, bytes);
  }
  digest(): Buffer {
    return crcBytes(this.#polynomial, this.#crc);
  }
}

class Hash implements Checksum {
  readonly #hash;

  constructor(name: string) {
    this.#hash = createHash(name);
  }
  get window(): Uint8Array {
    return sharedWindow();
  }
  updateFromWindow(length: number): void {
    this.#hash.update(this.window.subarray(0, length));
  }
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }
  digest(): Buffer {
    return this.#hash.digest();
  }
}

/** The window may be shared by all checksums: read into it and update without a pause between. */
export function newChecksum(name: ChecksumName): Checksum {
  const polynomial = polynomialOf(name);
  if (polynomial === CRC32) return new NativeCrc32();
  return polynomial === undefined ? new Hash(name.toLowerCase()) : new EngineCrc(polynomial);
}

/** A CRC as S3 writes it before base64: big-endian, as many bytes as it is wide. */
export function crcBytes({ width }: Polynomial, crc: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(crc);
  return bytes.subarray(8 - width / 8);
}

export function crcFromBytes(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}
