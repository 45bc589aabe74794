const MIB = 1024 * 1024;

/** Limits of S3's multipart uploads (Amazon S3 User Guide, "Multipart upload limits"). */
export const MAX_PARTS = 10_000;
const MIN_PART = 5 * MIB;
const MAX_PART = 5 * 1024 * MIB;
export const MAX_OBJECT = 5 * 1024 * 1024 * MIB;

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
 * Bytes of part `number` (from 1) of a stream whose length nobody knows: doubles every thousand parts, so that memory
 * stays small for small streams and 10,000 parts reach 5 TiB.
 */
export function streamPartSize(number: number, base: number): number {
  return Math.min(base * 2 ** Math.floor((number - 1) / 1000), MAX_PART);
}
