import { crcModule, TABLE_BYTES } from "./crc-module.js";
import type { Polynomial } from "./polynomials.js";

/** Bytes taken at once: small enough for the second-level cache, large enough that a call costs nothing. */
const WINDOW = 256 * 1024;

type Update = (crc: bigint, address: number, length: number) => bigint;

/** Slicing-by-16 tables of a reflected CRC, as 64-bit entries whatever the width. */
function tables({ reflected }: Polynomial): BigUint64Array {
  const table = new BigUint64Array(TABLE_BYTES / 8);
  for (let index = 0; index < 256; index++) {
    let crc = BigInt(index);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ reflected : crc >> 1n;
    table[index] = crc;
  }
  for (let index = 256; index < table.length; index++) {
    const previous = table[index - 256] ?? 0n;
    table[index] = (previous >> 8n) ^ (table[Number(previous & 0xffn)] ?? 0n);
  }
  return table;
}

/**
 * A CRC at some 2 GB/s: slicing-by-16 in WebAssembly, which has 64-bit integers where JavaScript has none that are fast.
 * `window` is memory of the module itself: who reads a file straight into it saves a copy.
 */
export class CrcEngine {
  readonly window: Uint8Array;
  readonly #mask: bigint;
  readonly #update: Update;

  constructor(polynomial: Polynomial) {
    const pages = Math.ceil((TABLE_BYTES + WINDOW) / 65536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(crcModule(), { host: { memory } });
    this.#update = instance.exports.update as Update;
    this.#mask = (1n << BigInt(polynomial.width)) - 1n;
    new BigUint64Array(memory.buffer, 0, TABLE_BYTES / 8).set(tables(polynomial));
    this.window = new Uint8Array(memory.buffer, TABLE_BYTES, WINDOW);
  }

  /** The CRC after the first `length` bytes of the window, going on from `crc` (0 at the start). */
  updateFromWindow(crc: bigint, length: number): bigint {
    return BigInt.asUintN(64, this.#update(crc ^ this.#mask, TABLE_BYTES, length)) ^ this.#mask;
  }

  update(crc: bigint, bytes: Uint8Array): bigint {
    for (let from = 0; from < bytes.length; from += WINDOW) {
      const chunk = bytes.subarray(from, from + WINDOW);
      this.window.set(chunk);
      crc = this.updateFromWindow(crc, chunk.length);
    }
    return crc;
  }
}
