/** A cancellation that may come from outside (a signal) or inside (another part failed): asked for, or listened to. */
export class Cancellation {
  readonly #listeners = new Set<(reason: Error) => void>();
  #reason: Error | undefined;

  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason stays. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener(reason);
    this.#listeners.clear();
  }

  /** Calls `listener` at the cancellation, at once when it has come already; the returned function takes it back. */
  onCancel(listener: (reason: Error) => void): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A cancellation that comes with this one, or on its own. */
  child(): { cancellation: Cancellation; release: () => void } {
    const cancellation = new Cancellation();
    const release = this.onCancel((reason) => cancellation.cancel(reason));
    return { cancellation, release };
  }

  throwIfCanceled(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Waits for `promise`, but not beyond the cancellation. */
  async race<T>(promise: Promise<T>): Promise<T> {
    let release: () => void = () => undefined;
    const canceled = new Promise<never>((_, reject) => {
      release = this.onCancel(reject);
    });
    try {
      return await Promise.race([promise, canceled]);
    } finally {
      release();
    }
  }
}
