/** How much is copied: the figures of the README are made with `full`, `quick` shows that everything works. */
export interface Sizes {
  /** Bytes of the large object. */
  readonly large: number;
  /** How many small objects of 4 KiB, a multiple of 100. */
  readonly small: number;
  /** How many objects sync compares, a multiple of 100. */
  readonly synced: number;
  /** Runs of each program in each case. */
  readonly runs: number;
  /** Runs of each program from start to exit. */
  readonly starts: number;
}

export const SMALL_OBJECT = 4096;
/** What is uploaded from start to exit. */
export const MIDDLE_OBJECT = 10 << 20;
/** A program that takes longer, in seconds, is run once; if that is its CPU time, not again without the link. */
export const PATIENCE = 5;

export const FULL: Sizes = { large: 1 << 30, small: 10_000, synced: 100_000, runs: 3, starts: 15 };
export const QUICK: Sizes = { large: 32 << 20, small: 100, synced: 1_000, runs: 1, starts: 1 };
