import { createHash } from "node:crypto";
import fs, { closeSync, openSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import { fileBody } from "../../../../src/s3/requests/bodies.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const readSync = fs.readSync;

afterEach(() => {
  fs.readSync = readSync;
  syncBuiltinESMExports();
});

/** A file system that brings at most so many bytes a call, as one over the network may. */
function readShort(most: number): void {
  fs.readSync = ((fd: number, buffer: Buffer, offset: number, length: number, position: number) =>
    readSync(fd, buffer, offset, Math.min(length, most), position)) as typeof fs.readSync;
  syncBuiltinESMExports();
}

function patterned(size: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: size / 4 }, (_, index) => index).buffer);
}

describe("the body of a file", () => {
  it.each([1, 1000, 65_537])("fills each piece, though a read brings only %i bytes", (most) => {
    const folder = temporaryFolder();
    const bytes = patterned(most === 1 ? 1000 : 700_000);
    writeFileSync(folder.at("f"), bytes);
    const fd = openSync(folder.at("f"), "r");
    try {
      readShort(most);
      const pieces = [...fileBody(fd, 8, bytes.length - 8).chunks()].map(({ length }) => length);
      expect(pieces).toEqual(most === 1 ? [992] : [262_144, 262_144, 175_704]);
      const copied = [...fileBody(fd, 8, bytes.length - 8).chunks()].length;
      expect(copied).toBe(pieces.length);
      const seen: Buffer[] = [];
      for (const piece of fileBody(fd, 8, bytes.length - 8).chunks()) seen.push(Buffer.from(piece));
      expect(Buffer.concat(seen).equals(bytes.subarray(8))).toBe(true);
    } finally {
      closeSync(fd);
      folder.remove();
    }
  });

  it("that is shorter than it was says so", () => {
    const folder = temporaryFolder();
    writeFileSync(folder.at("f"), "short");
    const fd = openSync(folder.at("f"), "r");
    try {
      expect(() => [...fileBody(fd, 0, 9).chunks()]).toThrow(/^4 bytes are missing$/);
    } finally {
      closeSync(fd);
      folder.remove();
    }
  });

  it("is hashed as it is sent", () => {
    using folder = temporaryFolder();
    const bytes = patterned(700_000);
    writeFileSync(folder.at("f"), bytes);
    const fd = openSync(folder.at("f"), "r");
    const hash = fileBody(fd, 8, 600_000).hash("sha256");
    closeSync(fd);
    expect(hash).toBe(createHash("sha256").update(bytes.subarray(8, 600_008)).digest("hex"));
  });
});

describe("the memory that a file's body is read into", () => {
  const CHUNK = 256 * 1024;

  /** Sends so many bytes. @returns the body, and the memory that they were read into */
  function sent(size: number) {
    using folder = temporaryFolder();
    writeFileSync(folder.at("f"), Buffer.alloc(size));
    const fd = openSync(folder.at("f"), "r");
    const body = fileBody(fd, 0, size);
    const [chunk] = body.chunks();
    closeSync(fd);
    return { body, memory: chunk?.buffer };
  }

  it.each([
    [CHUNK - 1, false],
    [CHUNK, true],
    [CHUNK + 1, true],
  ])("of %i bytes is used for the next body when that is released: %s", (size, isUsedAgain) => {
    const first = sent(size);
    first.body.release();
    const next = sent(Math.max(size, CHUNK));
    expect(next.memory === first.memory).toBe(isUsedAgain);
    expect(first.memory?.byteLength).toBe(Math.min(size, CHUNK));
  });

  it("is no other's while it is not released, and one other's when it is released twice", () => {
    const [held, given] = [sent(CHUNK), sent(CHUNK)];
    given.body.release();
    given.body.release();
    const memories = [held, given, sent(CHUNK), sent(CHUNK)].map(({ memory }) => memory);
    expect(memories[2]).toBe(memories[1]);
    expect(new Set(memories).size).toBe(3);
  });
});
