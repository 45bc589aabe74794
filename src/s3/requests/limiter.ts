import type { Stop } from "./stop.js";

/** How a request ended, as the limiter is concerned. */
export type Outcome = "served" | "throttled" | "failed";

const START = 16;
export const MOST_IN_FLIGHT = 64;

/** Two threads share what one may have. */
export const MOST_IN_FLIGHT_OF_TWO = MOST_IN_FLIGHT / 2;

/**
 * How many requests may be in flight: grows by one with every round of successes, halves when the server says it is too
 * much or breaks connections (additive increase, multiplicative decrease), so that neither a large service nor a small
 * server needs a flag.
 */
export class Limiter {
  readonly #fixed: boolean;
  #most: number;
  #limit: number;
  #inFlight = 0;
  #served = 0;
  /** Requests that began before the last halving say nothing new: as many as were in flight then. */
  #grace = 0;
  readonly #waiting: (() => void)[] = [];
  #next = 0;

  /**
   * @param fixed the number that the user asked for
   * @param most how far it may grow otherwise
   */
  constructor(fixed: number | undefined, most = MOST_IN_FLIGHT) {
    this.#fixed = fixed !== undefined;
    this.#most = most;
    this.#limit = fixed ?? START;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Another thread takes its part from now on. */
  halve(): void {
    if (this.#fixed) return;
    this.#most = MOST_IN_FLIGHT_OF_TWO;
    this.#limit = Math.min(this.#limit, this.#most);
  }

  /** @returns undefined when there is room at once */
  acquire(stop: Stop): Promise<void> | undefined {
    stop.throwIfStopped();
    if (this.#inFlight < this.#limit) {
      this.#inFlight++;
      return undefined;
    }
    return new Promise<void>((resolve, reject) => {
      let waiting = true;
      const release = stop.onStop((reason) => {
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
    if (!this.#fixed) this.#learn(outcome);
    this.#admit();
  }

  #learn(outcome: Outcome): void {
    const isOld = this.#grace > 0;
    if (isOld) this.#grace--;
    if (outcome === "served") {
      if (++this.#served >= this.#limit && this.#limit < this.#most) {
        this.#limit++;
        this.#served = 0;
      }
    } else if (!isOld) {
      this.#limit = Math.max(1, Math.floor(this.#limit / (outcome === "throttled" ? 2 : 1.5)));
      this.#served = 0;
      this.#grace = this.#inFlight;
    }
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
