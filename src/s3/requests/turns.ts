import type { Cancellation } from "../../http/cancellation.js";

/** Lets so many go on at once; the others wait, and take their turns in order. */
export class Turns {
  #limit: number;
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** @returns undefined when there is room at once. @throws the reason of the cancellation */
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

  release(): void {
    this.#inFlight--;
    this.#admit();
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
