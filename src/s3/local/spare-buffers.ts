/**
 * Memory that has been used and is to be used again: left to the garbage collector, it would pile up before it is collected,
 * because it does not count as part of its heap.
 */
export class SpareBuffers {
  readonly #spare: Buffer[] = [];

  /** @returns at least `size` bytes, filled with anything; what is smaller is given up, for sizes only grow */
  take(size: number): Buffer {
    for (let spare = this.#spare.pop(); spare !== undefined; spare = this.#spare.pop())
      if (spare.length >= size) return spare;
    return Buffer.allocUnsafeSlow(size);
  }

  /** @param buffer as it was taken; nobody uses it any more */
  give(buffer: Buffer): void {
    this.#spare.push(buffer);
  }
}
