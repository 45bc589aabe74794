/** A cancellation that may come from outside (a signal) or inside (another part failed): asked for, or listened to. */
export class Cancellation {
  /** Few: an array of them takes a fraction of a set's memory, and every request has several cancellations. */
  readonly #listeners: ((reason: Error) => void)[] = [];
  #reason: Error | undefined;

  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason stays. */
  cancel(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners.splice(0)) listener(reason);
  }

  /** Calls `listener` at the cancellation, at once when it has come already; the returned function takes it back. */
  onCancel(listener: (reason: Error) => void): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => undefined;
    }
    this.#listeners.push(listener);
    return () => this.#take(listener);
  }

  #take(listener: (reason: Error) => void): void {
    const place = this.#listeners.lastIndexOf(listener);
    if (place >= 0) this.#listeners.splice(place, 1);
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
