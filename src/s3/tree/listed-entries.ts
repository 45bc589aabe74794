import type { ListedObject, ListPage } from "../store.js";
import type { Entries } from "./entries.js";
import { unsortedListing } from "./failures.js";
import { compareKeys } from "./key-order.js";

/** An object below the prefix that was listed. */
export interface ListedEntry {
  readonly name: string;
  readonly object: ListedObject;
}

export interface ListedEntriesOptions {
  /** Length of the prefix, which `name` leaves out. */
  readonly prefixLength: number;
  readonly accepts: (name: string) => boolean;
  /** Refuse a listing that is not in the order of bytes: a merge would go wrong, a mere copy would not. */
  readonly sorted: boolean;
}

/** What the S3 console makes for an empty folder: no bytes, and a key that ends in `/`. cp and sync leave it out. */
export function isFolderMarker({ key, size }: ListedObject): boolean {
  return size === 0 && key.endsWith("/");
}

/**
 * The objects of a listing as sorted entries. The next page is asked for while this one is worked on. Markers of empty
 * folders are left out, as the AWS CLI does.
 *
 * @throws Failure 1 (from `next`) when `sorted` asks for the order of bytes and the server has another
 */
export class ListedEntries implements Entries<ListedEntry> {
  readonly #pages: AsyncIterator<ListPage>;
  readonly #options: ListedEntriesOptions;
  #ahead: Promise<IteratorResult<ListPage>>;
  /** Of this page those that are left: it goes on where it was. */
  #objects: IterableIterator<ListedObject> = [].values();
  #last: string | undefined;
  #done = false;
  /** Objects listed so far, before any filter, and without markers of folders. */
  listed = 0;
  /** Why nothing may be deleted by what was listed so far. */
  doubt: string | undefined;

  constructor(pages: AsyncIterable<ListPage>, options: ListedEntriesOptions) {
    this.#pages = pages[Symbol.asyncIterator]();
    this.#options = options;
    this.#ahead = this.#ask();
  }

  next(): ListedEntry | undefined | Promise<ListedEntry | undefined> {
    const { prefixLength, accepts } = this.#options;
    for (const object of this.#objects) {
      if (isFolderMarker(object)) continue;
      const name = object.key.slice(prefixLength);
      if (accepts(name)) return { name, object };
    }
    return this.#done ? undefined : this.#nextPage();
  }

  async #nextPage(): Promise<ListedEntry | undefined> {
    const result = await this.#ahead;
    if (result.done === true) {
      this.#done = true;
      return undefined;
    }
    this.#ahead = this.#ask();
    const { objects, doubt } = result.value;
    this.#objects = objects.values();
    for (const object of objects) if (!isFolderMarker(object)) this.listed++;
    this.doubt ??= doubt;
    if (this.#options.sorted) this.#checkOrder(objects);
    return this.next();
  }

  #ask(): Promise<IteratorResult<ListPage>> {
    const page = this.#pages.next();
    // Its failure is thrown when it is awaited; until then nobody listens.
    page.catch(() => undefined);
    return page;
  }

  #checkOrder(objects: readonly ListedObject[]): void {
    for (const { key } of objects) {
      if (this.#last !== undefined && compareKeys(this.#last, key) >= 0)
        throw unsortedListing(this.#last, key);
      this.#last = key;
    }
  }
}
