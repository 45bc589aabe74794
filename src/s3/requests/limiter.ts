import type { Cancellation } from "../../http/cancellation.js";

/** How a request ended, as the limiter is concerned. */
export type Outcome = "served" | "throttled" | "failed";

const START = 16;

/** Where a response is long in coming whatever is under way, it is as with the AWS CLI: its max_concurrent_requests. */
const LEAST_WHEN_SLOW = 10;

/** Rounds of success after which what the server refused last is tried again; each refusal by its words doubles them. */
const PATIENCE = 8;
const MOST_PATIENCE = 64;

export const MOST_IN_FLIGHT = 64;

/**
 * How many requests may be in flight: grows by one with every round of successes, halves when the server says it is too
 * much or breaks connections (additive increase, multiplicative decrease), and waits below what was too much, longer each
 * time, so that neither a large service nor a small server needs a flag. Where answers become slow it waits as well: what is
 * given up for its slowness and sent again makes a slow server slower.
 */
export class Limiter {
  readonly #fixed: boolean;
  readonly #most: number;
  #limit: number;
  #inFlight = 0;
  /** Since the limit was last changed. */
  #served = 0;
  #servedInAll = 0;
  /** The limit that was too much last. */
  #ceiling = Number.POSITIVE_INFINITY;
  #patience = PATIENCE;
  /** Requests that began before the last halving say nothing new: as many as were in flight then. */
  #grace = 0;
  readonly #waiting: (() => void)[] = [];
  #next = 0;

  /**
   * @param fixed the number that the user asked for
   * @param most how far it may go in any case: for each there must be a descriptor
   */
  constructor(fixed: number | undefined, most = MOST_IN_FLIGHT) {
    this.#fixed = fixed !== undefined;
    this.#most = most;
    this.#limit = Math.min(fixed ?? START, most);
  }

  get limit(): number {
    return this.#limit;
  }

  /** Requests that were answered. */
  get served(): number {
    return this.#servedInAll;
  }

  /** @returns undefined when there is room at once */
  acquire(cancellation: Cancellation): Promise<void> | undefined {
    cancellation.throwIfCanceled();
    if (this.#inFlight < this.#limit) {
      this.#inFlight++;
      return undefined;
    }
    return new Promise<void>((resolve, reject) => {
      let waiting = true;
      const release = cancellation.onCancel((reason) => {
        waiting = false;
        reject(reason);
      });
      this.#waiting.push(() => {
        if (!waiting) return;
        this.#inFlight++;
        release();
        resolve();
      });
    });
  }

  release(outcome: Outcome): void {
    this.#inFlight--;
    if (outcome === "served") this.#servedInAll++;
    if (!this.#fixed) this.#learn(outcome);
    this.#admit();
  }

  /** A response was long in coming: with more requests at once some would be given up, and sent again. */
  slow(): void {
    if (this.#fixed || this.#grace > 0 || this.#limit <= LEAST_WHEN_SLOW) return;
    this.#shrink(Math.max(LEAST_WHEN_SLOW, Math.floor(this.#limit / 1.5)));
  }

  #shrink(limit: number): void {
    this.#ceiling = this.#limit;
    this.#limit = limit;
    this.#served = 0;
    this.#grace = this.#inFlight;
  }

  #learn(outcome: Outcome): void {
    const isOld = this.#grace > 0;
    if (isOld) this.#grace--;
    if (outcome === "served") {
      const rounds = this.#limit + 1 === this.#ceiling ? this.#patience : 1;
      if (++this.#served >= this.#limit * rounds && this.#limit < this.#most) this.#grow();
    } else if (!isOld) {
      if (outcome === "throttled" && this.#limit >= this.#ceiling)
        this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
      this.#shrink(Math.max(1, Math.floor(this.#limit / (outcome === "throttled" ? 2 : 1.5))));
    }
  }

  #grow(): void {
    this.#limit++;
    this.#served = 0;
    if (this.#limit <= this.#ceiling) return;
    // It bears now what was too much for it.
    this.#ceiling = Number.POSITIVE_INFINITY;
    this.#patience = PATIENCE;
  }

  #admit(): void {
    while (this.#inFlight < this.#limit && this.#next < this.#waiting.length) {
      const admit = this.#waiting[this.#next++];
      // Taking from the front of a long array each time would cost more than the requests.
      if (this.#next > 1024) {
        this.#waiting.splice(0, this.#next);
        this.#next = 0;
      }
      admit?.();
    }
  }
}
