import { streamTooLarge } from "../failures.js";

const MIB = 1024 * 1024;

/** Limits of S3's multipart uploads (Amazon S3 User Guide, "Multipart upload limits"). */
export const MAX_PARTS = 10_000;
const MIN_PART = 5 * MIB;
const MAX_PART = 5 * 1024 * MIB;
export const MAX_OBJECT = MAX_PARTS * MAX_PART;

/** Parts of a stream stand in memory, whatever the size that was asked for. */
export const MAX_STREAM_PART = 1024 * MIB;

/** From here on an object goes up in parts, as with the AWS CLI. */
export const PART_SIZE = 8 * MIB;

/**
 * Bytes of each part but the last, so that 10,000 parts suffice.
 *
 * @param size of the whole in bytes; undefined: not known
 * @param asked what the user asked for
 */
export function planPartSize(size: number | undefined, asked: number = PART_SIZE): number {
  const needed = Math.ceil((size ?? 0) / MAX_PARTS / MIB) * MIB;
  return Math.min(Math.max(asked, needed, MIN_PART), MAX_PART);
}

/**
 * The same for the first part of a stream.
 *
 * @param expected bytes of the whole, when the user told
 * @throws Failure when parts for so much would not fit in memory
 */
export function planStreamPartSize(expected: number | undefined, asked: number | undefined): number {
  if (expected !== undefined && expected > MAX_PARTS * MAX_STREAM_PART) throw streamTooLarge(expected);
  return Math.min(planPartSize(expected, asked), MAX_STREAM_PART);
}

/** Parts of a stream that do not grow: 64 GiB of 8 MiB each. */
const EQUAL_PARTS = 8192;

/**
 * Bytes of part `number` (from 1) of a stream whose length nobody knows: doubles every 150 parts once most of them are
 * used up, so that 64 GiB need no more memory than 64 MiB, and 10,000 parts reach 1 TiB.
 */
export function streamPartSize(number: number, base: number): number {
  const doublings = Math.ceil(Math.max(0, number - EQUAL_PARTS) / 150);
  return Math.min(base * 2 ** doublings, MAX_STREAM_PART);
}
