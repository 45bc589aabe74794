import type { ChecksumName } from "../checksums/algorithms.js";
import type { RangeWriter, Target } from "./target.js";

/** Writes what one response brings as the ranges that it is of: most often one, all of them where it is the whole object. */
export class RangeSequence {
  readonly #target: Target;
  readonly #end: number;
  readonly #rangeSize: number;
  readonly #checksums: () => Promise<readonly ChecksumName[]>;
  readonly #completed: Promise<void>[] = [];
  #writer: RangeWriter;
  /** Bytes that the range still lacks, and where it ends. */
  #left: number;
  #at: number;

  /**
   * @param end of the bytes that are to come, which begin at 0
   * @param checksums as RangeWriter.complete has it
   */
  constructor(
    target: Target,
    end: number,
    rangeSize: number,
    checksums: () => Promise<readonly ChecksumName[]>,
  ) {
    this.#target = target;
    this.#end = end;
    this.#rangeSize = rangeSize;
    this.#checksums = checksums;
    this.#at = Math.min(rangeSize, end);
    this.#left = this.#at;
    this.#writer = target.range({ start: 0, end: this.#at });
  }

  /** @returns what has to end before more may come, if anything: as many ranges as the target bears are under way */
  write(chunk: Buffer): Promise<void> | undefined {
    const begun = this.#completed.length;
    for (let rest = chunk; rest.length > 0; ) {
      if (this.#left === 0) this.#next();
      const own = rest.subarray(0, this.#left);
      this.#writer.write(own);
      this.#left -= own.length;
      rest = rest.subarray(own.length);
    }
    return this.#completed.length > begun ? this.#completed.at(-this.#target.window) : undefined;
  }

  /** All has come. */
  async complete(): Promise<void> {
    this.#finish();
    await Promise.all(this.#completed);
  }

  #next(): void {
    this.#finish();
    const start = this.#at;
    this.#at = Math.min(start + this.#rangeSize, this.#end);
    this.#left = this.#at - start;
    this.#writer = this.#target.range({ start, end: this.#at });
  }

  #finish(): void {
    const completed = this.#writer.complete(this.#checksums);
    if (completed === undefined) return;
    // Awaited in the end.
    completed.catch(() => undefined);
    this.#completed.push(completed);
  }
}
