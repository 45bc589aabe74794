/**
 * A buffer that is being filled with what a socket brings into a place of its own: nothing is allocated for each read,
 * which for gigabytes would be gigabytes of garbage.
 */
export class Filling {
  #target: Buffer = Buffer.alloc(0);
  #done = 0;
  /** What came beyond the target's end. */
  #left = Buffer.alloc(0);
  #ended = false;
  #failure: unknown;
  #settle: (() => void) | undefined;

  /**
   * Fills the buffer.
   *
   * @param resume asks for more bytes
   * @returns the bytes filled; fewer than it takes at the end only
   * @throws what `fail` was given
   */
  async fill(target: Buffer, resume: () => void): Promise<number> {
    this.#target = target;
    this.#done = this.#left.copy(target);
    this.#left = Buffer.from(this.#left.subarray(this.#done));
    if (this.#done < target.length && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        if (this.#failure !== undefined) resolve();
        else resume();
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#done;
  }

  /** Takes bytes, which are valid during the call only. @returns whether more may come now */
  take(bytes: Buffer): boolean {
    const copied = bytes.copy(this.#target, this.#done);
    this.#done += copied;
    if (copied < bytes.length) this.#left = Buffer.concat([this.#left, bytes.subarray(copied)]);
    if (this.#done < this.#target.length) return true;
    this.#settle?.();
    return false;
  }

  end(): void {
    this.#ended = true;
    this.#settle?.();
  }

  fail(failure: unknown): void {
    this.#failure = failure;
    this.#settle?.();
  }
}
