import { expect } from "vitest";

/**
 * Which part of a generator's inputs was accepted. Where all are refused, or none, half of what a test says was never
 * tried.
 */
export class Share {
  #all = 0;
  #accepted = 0;

  /** Counts one input; gives back whether it was accepted. */
  count(accepted: boolean): boolean {
    this.#all++;
    if (accepted) this.#accepted++;
    return accepted;
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** The accepted ones were at least this share of all, and not nearly all: at most `most`. */
  expectAtLeast(least: number, most = 1): void {
    expect(this.#all, "inputs").toBeGreaterThan(0);
    const share = this.#accepted / this.#all;
    expect(share, `${this.#accepted} of ${this.#all} were accepted`).toBeGreaterThanOrEqual(least);
    expect(share, `${this.#accepted} of ${this.#all} were accepted`).toBeLessThanOrEqual(most);
  }

  toString(): string {
    return `${this.#accepted} of ${this.#all} accepted`;
  }
}
