/**
 * Transfers under way at once, whatever the store makes of them: it is what bounds memory for a million objects. Twice as
 * many as are sent at once, so that none waits for the planner.
 */
const LIMIT = 192;

/** @param concurrency requests at once that the user wants, if any */
export function queueLimit(concurrency = 0): number {
  return Math.max(LIMIT, 2 * concurrency);
}

/** Starts transfers as they are planned, and holds the planner back when many are under way. */
export class TransferQueue {
  readonly #limit: number;
  #running = 0;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /**
   * Starts one, which must not reject.
   *
   * @returns a promise to wait for before the next when the queue is full
   */
  add(transfer: () => Promise<void>): Promise<void> | undefined {
    if (this.#stopped) return undefined;
    this.#running++;
    transfer().finally(() => {
      this.#running--;
      this.#wake?.();
    });
    return this.#running < this.#limit ? undefined : this.#below(this.#limit);
  }

  /** Resolves when all have ended. */
  async idle(): Promise<void> {
    await this.#below(1);
  }

  /** No further transfer is started. */
  stop(): void {
    this.#stopped = true;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  async #below(count: number): Promise<void> {
    while (this.#running >= count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
