import { expect, it } from "vitest";
import { RangeBlocks } from "../../../../src/s3/downloads/range-blocks.js";
import type { WritableFile } from "../../../../src/s3/local/writable-file.js";

it("a write that failed ends the receiving: of this range and of the others", async () => {
  const full = new Error("the disk is full");
  const file = { writeAside: () => Promise.reject(full) } as unknown as WritableFile;
  const blocks = new RangeBlocks(file);
  const ranges = [blocks.range(0), blocks.range(10_000_000)];
  for (const range of ranges) expect(() => range.write(Buffer.alloc(1))).not.toThrow();
  ranges[0]?.write(Buffer.alloc(1024 * 1024));
  await blocks.settle();
  for (const range of ranges) expect(() => range.write(Buffer.alloc(1))).toThrow(full);
  await expect(ranges[0]?.written()).rejects.toBe(full);
});
