import type { ListPage } from "../store.js";
import { compareKeys } from "../tree/key-order.js";

/**
 * Which targets of a tree are there already, by a listing of the place that is read alongside the source's. It asks for no
 * more pages than the source has objects, however much lies at the target, and trusts nothing that is not in order.
 */
export class TargetNames {
  readonly #pages: AsyncIterator<ListPage>;
  readonly #prefix: string;
  #keys: readonly string[] = [];
  #index = 0;
  #read = 0;
  #asked = 0;
  #last: string | undefined;
  #isOver = false;
  #isLost = false;

  /** @param pages of all keys below the prefix */
  constructor(pages: AsyncIterable<ListPage>, prefix: string) {
    this.#pages = pages[Symbol.asyncIterator]();
    this.#prefix = prefix;
  }

  /**
   * @param name relative to the prefix, in the order of bytes
   * @returns undefined when the listing does not tell: the object itself must be looked at
   */
  async has(name: string): Promise<boolean | undefined> {
    this.#asked++;
    const key = this.#prefix + name;
    if (this.#last !== undefined && compareKeys(this.#last, key) >= 0) this.#isLost = true;
    this.#last = key;
    while (!this.#isLost) {
      for (let there = this.#keys[this.#index]; there !== undefined; there = this.#keys[++this.#index]) {
        const order = compareKeys(there, key);
        if (order >= 0) return order === 0;
      }
      if (this.#isOver) return false;
      if (this.#read > this.#asked) this.#isLost = true;
      else await this.#nextPage();
    }
    return undefined;
  }

  /** Leaves the listing. */
  async close(): Promise<void> {
    await this.#pages.return?.();
  }

  async #nextPage(): Promise<void> {
    try {
      const before = this.#keys.at(-1) ?? "";
      const { done, value } = await this.#pages.next();
      this.#read++;
      this.#isOver = done === true;
      if (done === true) return;
      this.#keys = value.objects.map((object) => object.key);
      this.#index = 0;
      const isSorted = this.#keys.every(
        (key, index, keys) => compareKeys(keys[index - 1] ?? before, key) < 0,
      );
      this.#isLost = !isSorted || value.doubt !== undefined;
    } catch {
      // Who may not list may still look at one object, or write it.
      this.#isLost = true;
    }
  }
}
