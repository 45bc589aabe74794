import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { checksumOfFile } from "../src/s3/checksums/of-file.js";
import { MIDDLE_OBJECT, type Sizes, SMALL_OBJECT } from "./sizes.js";

/** The time that listings give for every object, and that local files carry for `sync`. */
export const LAST_MODIFIED = new Date("2026-01-02T03:04:05Z");

/** Bytes that no one can compress or guess, cheaply: a multiplicative sequence. */
function fill(block: Buffer, seed: number): void {
  for (let at = 0; at + 4 <= block.length; at += 4)
    block.writeUInt32LE(Math.imul(at + seed, 2654435761) >>> 0, at);
}

export const LARGE_KEY = "large.bin";
export const MIDDLE_KEY = "middle.bin";
/** The objects of a usual build. */
export const FEW_KEYS = Array.from({ length: 10 }, (_, index) => `few/${index}.bin`);

/** Keys of `count` small objects under a prefix, a hundred to a folder, in the order of a listing. */
export function smallKeys(prefix: string, count: number): string[] {
  const width = String(count / 100 - 1).length;
  return Array.from({ length: count }, (_, index) => {
    const folder = String(Math.floor(index / 100)).padStart(width, "0");
    return `${prefix}/${folder}/${String(index % 100).padStart(2, "0")}.bin`;
  });
}

/** Writes what the servers serve and the uploads read into a folder of memory. */
export function makeObjects(folder: string, sizes: Sizes): void {
  mkdirSync(folder, { recursive: true });
  const block = Buffer.alloc(1 << 20);
  const large = openSync(join(folder, LARGE_KEY), "w");
  for (let at = 0; at < sizes.large; at += block.length) {
    fill(block, at);
    writeSync(large, block);
  }
  ftruncateSync(large, sizes.large);
  closeSync(large);
  writeFileSync(join(folder, MIDDLE_KEY), Buffer.alloc(MIDDLE_OBJECT, block));
  writeFiles(folder, [...smallKeys("small", sizes.small), ...FEW_KEYS], block.subarray(0, SMALL_OBJECT));
}

/** What S3 would name of the objects: CRC64NVME, in base64. */
export function objectChecksums(folder: string): { large: string; small: string } {
  const of = (key: string) => {
    const file = openSync(join(folder, key), "r");
    try {
      return checksumOfFile("CRC64NVME", file, 0, fstatSync(file).size).toString("base64");
    } finally {
      closeSync(file);
    }
  };
  return { large: of(LARGE_KEY), small: of(FEW_KEYS[0]!) };
}

/** The tree that `sync` finds up to date: one byte each, with the time of the listing. */
export function makeSyncedTree(folder: string, sizes: Sizes): void {
  writeFiles(folder, smallKeys("synced", sizes.synced), Buffer.from("x"));
}

function writeFiles(folder: string, keys: readonly string[], content: Buffer): void {
  let made = "";
  for (const key of keys) {
    const parent = dirname(join(folder, key));
    if (parent !== made) mkdirSync(parent, { recursive: true });
    made = parent;
    writeFileSync(join(folder, key), content);
    utimesSync(join(folder, key), LAST_MODIFIED, LAST_MODIFIED);
  }
}

/** Takes everything out of a folder, and leaves the folder. */
export function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}
