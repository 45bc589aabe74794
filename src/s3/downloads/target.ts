import type { ChecksumName } from "../checksums/algorithms.js";
import type { ObjectHead } from "../store.js";

/** Bytes of an object: from `start` on, up to but without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Takes one range, in order. */
export interface RangeWriter {
  /** May throw a Failure of the file. */
  write(chunk: Buffer): void;
  /**
   * All of the range has come.
   *
   * @param checksums asks for the kinds that the whole will be verified with, once they are known
   * @returns what has to end before the range is done with, if anything
   */
  complete(checksums: () => Promise<readonly ChecksumName[]>): Promise<void> | undefined;
}

/** Where the ranges of an object go. */
export interface Target {
  /** Ranges that it has room for at once. */
  readonly window: number;
  /** Ranges are asked for in their order. */
  range(range: ByteRange): RangeWriter;
  /** A checksum of the whole, all ranges having been completed with this kind among others. */
  digest(checksum: ChecksumName): Buffer;
  /** All has come and is right. @returns why a file's time could not be set, when it could not */
  finish(head: ObjectHead): Error | undefined;
  /** Leaves things as they were, as far as can be; never throws. */
  discard(): void;
}
