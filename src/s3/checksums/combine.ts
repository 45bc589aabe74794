import type { Polynomial } from "./polynomials.js";

/** a × b modulo the polynomial, all in reflected form (the highest bit stands for x⁰), as zlib's multmodp. */
function multiply({ width, reflected }: Polynomial, a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let bit = 1n << BigInt(width - 1); bit !== 0n; bit >>= 1n) {
    if (a & bit) product ^= b;
    b = b & 1n ? (b >> 1n) ^ reflected : b >> 1n;
  }
  return product;
}

/** x to the power of `bytes` × 8: what appending so many zero bytes multiplies a CRC with. */
function shiftBy(polynomial: Polynomial, bytes: number): bigint {
  let result = 1n << BigInt(polynomial.width - 1);
  let square = 1n << BigInt(polynomial.width - 2);
  for (let rest = BigInt(bytes) * 8n; rest !== 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(polynomial, result, square);
    square = multiply(polynomial, square, square);
  }
  return result;
}

/** A part of a whole: its CRC and its length in bytes. */
export interface CrcPart {
  readonly crc: bigint;
  readonly length: number;
}

/**
 * The CRC of parts laid end to end, from their CRCs alone. Linear as they are: crc(A‖B) = crc(A)·x^(8|B|) + crc(B).
 */
export function combineCrcs(polynomial: Polynomial, parts: Iterable<CrcPart>): bigint {
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { crc, length } of parts) {
    const shift = shifts.get(length) ?? shiftBy(polynomial, length);
    shifts.set(length, shift);
    whole = multiply(polynomial, shift, whole) ^ crc;
  }
  return whole;
}
