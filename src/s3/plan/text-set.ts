/** Numbers of 32 bits that the table begins with; it is never more than half full. */
const FIRST_LENGTH = 2 ** 12;

/**
 * A set of texts that remembers 63 bits of each: a million names of any length take 16 to 32 MB. Among a million names,
 * two are taken for one in fewer than one run of ten million.
 */
export class TextSet {
  /** Two numbers a text, both 0 where there is none. */
  #table = new Uint32Array(FIRST_LENGTH);
  #count = 0;

  /** @returns whether it is new */
  add(text: string): boolean {
    const [high, low] = hashes(text);
    const place = this.#place(high, low);
    if (this.#table[place + 1] !== 0) return false;
    this.#table[place] = high;
    this.#table[place + 1] = low;
    if (++this.#count * 4 > this.#table.length) this.#grow();
    return true;
  }

  has(text: string): boolean {
    const place = this.#place(...hashes(text));
    return this.#table[place + 1] !== 0;
  }

  /** Where it stands, or would. */
  #place(high: number, low: number): number {
    const mask = this.#table.length - 1;
    let place = (high * 2) & mask;
    while (this.#table[place + 1] !== 0 && (this.#table[place] !== high || this.#table[place + 1] !== low))
      place = (place + 2) & mask;
    return place;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [high = 0, low = 0] = [old[at], old[at + 1]];
      if (low === 0) continue;
      const place = this.#place(high, low);
      this.#table[place] = high;
      this.#table[place + 1] = low;
    }
  }
}

/** The second is never 0, which marks a free place. */
function hashes(text: string): [high: number, low: number] {
  return [hash(text, 0x811c9dc5, 0x01000193), (hash(text, 0x9747b28c, 0x9e3779b1) | 1) >>> 0];
}

/** FNV-1a over UTF-16 units, with the final mix of MurmurHash3. */
function hash(text: string, seed: number, factor: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), factor);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
