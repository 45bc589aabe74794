import { expect, it } from "vitest";
import { PieceBlocks } from "../../../../src/s3/downloads/piece-blocks.js";
import type { WritableFile } from "../../../../src/s3/local/writable-file.js";

it("a write that failed ends the receiving: of this piece and of the others", async () => {
  const full = new Error("the disk is full");
  const file = { writeAside: () => Promise.reject(full) } as unknown as WritableFile;
  const blocks = new PieceBlocks(file);
  const pieces = [blocks.piece(0), blocks.piece(10_000_000)];
  for (const piece of pieces) expect(() => piece.write(Buffer.alloc(1))).not.toThrow();
  pieces[0]?.write(Buffer.alloc(1024 * 1024));
  await blocks.settle();
  for (const piece of pieces) expect(() => piece.write(Buffer.alloc(1))).toThrow(full);
  await expect(pieces[0]?.written()).rejects.toBe(full);
});
