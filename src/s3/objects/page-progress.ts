import { listingLoops } from "../failures.js";
import { compareKeys } from "../tree/key-order.js";

/**
 * Pages in a row that bring nothing. S3 and others may end a page before they have found a key, below many delete markers or
 * deleted keys; then another thousand keys have been looked at, most often.
 */
const MOST_EMPTY_PAGES = 1000;

/** Tokens that are remembered: a circle of more pages shows in its keys. */
const TOKENS = 8;

function extremes([first = "", ...rest]: readonly string[]): { least: string; greatest: string } {
  let [least, greatest] = [first, first];
  for (const name of rest) {
    if (compareKeys(name, greatest) > 0) greatest = name;
    else if (compareKeys(name, least) < 0) least = name;
  }
  return { least, greatest };
}

/**
 * Sees to it that a listing comes to an end. Each page that has entries must lead beyond all pages before it, and repeat
 * nothing of the last one; that allows for a server that lists in another order than S3's.
 */
export class PageProgress {
  readonly #tokens: string[] = [];
  #greatest: string | undefined;
  #before: readonly string[] = [];
  #empty = 0;

  /**
   * @param names of what is on the page
   * @param token of the next page
   * @throws Failure `s3-listing-loops`
   */
  check(names: readonly string[], token: string | undefined): void {
    if (names.length > 0) this.#checkNames(names);
    else if (++this.#empty > MOST_EMPTY_PAGES) throw listingLoops("page after page is empty");
    if (token !== undefined) this.#checkToken(token);
  }

  #checkNames(names: readonly string[]): void {
    const { least, greatest } = extremes(names);
    const last = this.#greatest;
    if (last !== undefined && compareKeys(least, last) <= 0) {
      const before = new Set(this.#before);
      const again =
        names.find((name) => before.has(name)) ?? (compareKeys(greatest, last) <= 0 ? least : undefined);
      if (again !== undefined) throw listingLoops(`${again} is listed behind ${last}`);
    }
    this.#greatest = last === undefined || compareKeys(greatest, last) > 0 ? greatest : last;
    this.#before = names;
    this.#empty = 0;
  }

  #checkToken(token: string): void {
    if (this.#tokens.includes(token)) throw listingLoops("S3 gave the same page token again");
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS) this.#tokens.shift();
  }
}
