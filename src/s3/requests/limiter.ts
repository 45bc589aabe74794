import type { Cancellation } from "../../http/cancellation.js";
import { Turns } from "./turns.js";

/** How a request ended, as the limiter is concerned. */
export type Outcome = "served" | "throttled" | "failed";

const START = 24;

/** Where a response is long in coming whatever is under way, it is as with the AWS CLI: its max_concurrent_requests. */
const LEAST_WHEN_SLOW = 10;

/** Rounds of success after which what the server refused last is tried again; each refusal by its words doubles them. */
const PATIENCE = 8;
const MOST_PATIENCE = 64;

/** Twice as many requests must bring so many times as much to be worth it. */
const GAIN = 1.1;

/** Rounds that stay at their limit before twice as many are tried again: a link's use by others changes. */
const REST = 15;

/** The share of its limit that must be in flight, for a round to tell what the limit brings. */
const FULL = 3 / 4;

/** Bytes that a request counts as, beside those that it moves: of small objects, requests a second are what counts. */
const REQUEST_BYTES = 16 * 1024;

export const MOST_IN_FLIGHT = 96;

/** So many requests at once, and what they moved. */
interface Level {
  readonly limit: number;
  /** Bytes a millisecond. */
  readonly rate: number;
}

/**
 * How many requests may be in flight, so that neither a fast link nor a small server needs a flag.
 *
 * It doubles as long as twice as many bring more, and goes back to where they did not. When the server says that it is too
 * much, or breaks connections, it halves, grows by one with every round of successes (additive increase, multiplicative
 * decrease), and waits below what was too much, longer each time. Where answers become slow it waits as well: what is given
 * up for its slowness and sent again makes a slow server slower.
 */
export class Limiter {
  readonly #fixed: boolean;
  readonly #most: number;
  readonly #turns: Turns;
  readonly #now: () => number;
  #servedInAll = 0;
  /** The limit that was too much last. */
  #ceiling = Number.POSITIVE_INFINITY;
  #patience = PATIENCE;
  /** Requests that began before the last halving say nothing new: as many as were in flight then. */
  #grace = 0;
  /** The largest level that was worth it. */
  #best: Level | undefined;
  #rest = 0;
  /** Of this round: since when (0: nothing has been sent), how many were served, what they moved. */
  #since = 0;
  #served = 0;
  #moved = 0;

  /**
   * @param fixed the number that the user asked for
   * @param most how far it may go in any case: for each there must be a descriptor
   * @param now milliseconds
   */
  constructor(fixed: number | undefined, most: number, now: () => number) {
    this.#fixed = fixed !== undefined;
    this.#most = most;
    this.#now = now;
    this.#turns = new Turns(Math.min(fixed ?? START, most));
  }

  get limit(): number {
    return this.#turns.limit;
  }

  /** Requests that were answered. */
  get served(): number {
    return this.#servedInAll;
  }

  /** @returns undefined when there is room at once */
  acquire(cancellation: Cancellation): Promise<void> | undefined {
    this.#since ||= this.#now();
    return this.#turns.acquire(cancellation);
  }

  /** @param bytes that the request and its response moved */
  release(outcome: Outcome, bytes: number): void {
    if (outcome === "served") this.#servedInAll++;
    if (!this.#fixed) this.#learn(outcome, bytes);
    this.#turns.release();
  }

  /** A response was long in coming: with more requests at once some would be given up, and sent again. */
  slow(): void {
    if (this.#fixed || this.#grace > 0 || this.limit <= LEAST_WHEN_SLOW) return;
    this.#shrink(Math.max(LEAST_WHEN_SLOW, Math.floor(this.limit / 1.5)));
  }

  /** Nothing has been too much so far, or not for long. */
  get #rises(): boolean {
    return this.#ceiling === Number.POSITIVE_INFINITY;
  }

  #shrink(limit: number): void {
    this.#ceiling = this.limit;
    this.#best = undefined;
    this.#grace = this.#turns.inFlight;
    this.#begin(limit);
  }

  #learn(outcome: Outcome, bytes: number): void {
    const isOld = this.#grace > 0;
    if (isOld) this.#grace--;
    if (outcome === "served") {
      // What fewer requests move says nothing about this many.
      if (this.#rises && this.#turns.inFlight < this.limit * FULL) this.#begin(this.limit);
      else this.#count(bytes);
    } else if (!isOld) {
      if (outcome === "throttled" && this.limit >= this.#ceiling)
        this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
      this.#shrink(Math.max(1, Math.floor(this.limit / (outcome === "throttled" ? 2 : 1.5))));
    }
  }

  #count(bytes: number): void {
    this.#served++;
    this.#moved += bytes + REQUEST_BYTES;
    const rounds = this.limit + 1 === this.#ceiling ? this.#patience : 1;
    if (this.#served < this.limit * rounds) return;
    const ms = Math.max(1, this.#now() - this.#since);
    if (this.#rises) this.#begin(this.#limitAfter({ limit: this.limit, rate: this.#moved / ms }));
    else this.#climb();
  }

  /** Below what was too much. */
  #climb(): void {
    const limit = Math.min(this.limit + 1, this.#most);
    this.#begin(limit);
    if (limit <= this.#ceiling) return;
    // It bears now what was too much for it.
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#patience = PATIENCE;
  }

  #limitAfter(level: Level): number {
    const best = this.#best;
    if (best !== undefined && level.limit > best.limit && level.rate < best.rate * GAIN) {
      this.#rest = REST;
      return best.limit;
    }
    this.#best = level;
    return this.#rest-- > 0 ? level.limit : Math.min(level.limit * 2, this.#most);
  }

  #begin(limit: number): void {
    this.#since = this.#now();
    this.#served = 0;
    this.#moved = 0;
    this.#turns.limit = limit;
  }
}
