/** A stop that may come from outside (a signal) or inside (another part failed): asked for, or listened to. */
export class Stop {
  readonly #listeners = new Set<(reason: Error) => void>();
  #reason: Error | undefined;

  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason stays. */
  stop(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener(reason);
    this.#listeners.clear();
  }

  /** Calls `listener` at the stop, at once when it has come already; the returned function takes it back. */
  onStop(listener: (reason: Error) => void): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A stop that comes with this one, or on its own. */
  child(): { stop: Stop; release: () => void } {
    const stop = new Stop();
    const release = this.onStop((reason) => stop.stop(reason));
    return { stop, release };
  }

  throwIfStopped(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Waits for `promise`, but not beyond the stop. */
  async race<T>(promise: Promise<T>): Promise<T> {
    let release: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      release = this.onStop(reject);
    });
    try {
      return await Promise.race([promise, stopped]);
    } finally {
      release();
    }
  }
}
