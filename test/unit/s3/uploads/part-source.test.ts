import { closeSync, fstatSync, openSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { ShortFile } from "../../../../src/s3/local/short-file.js";
import type { Inlet } from "../../../../src/s3/local/stream-files.js";
import {
  bufferPart,
  filePart,
  fileParts,
  type Part,
  type PartSource,
  smallPart,
  streamParts,
  watchFile,
} from "../../../../src/s3/uploads/part-source.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const MIB = 1024 * 1024;
const BYTES = Buffer.from("0123456789");

function file(content: Buffer = BYTES) {
  const folder = temporaryFolder();
  const path = folder.at("f");
  writeFileSync(path, content);
  const fd = openSync(path, "r");
  onTestFinished(() => {
    closeSync(fd);
    folder.remove();
  });
  return { fd, path };
}

const bytesOf = (part: Part) => Buffer.concat([...part.body.chunks()].map((chunk) => Buffer.from(chunk)));

async function all(source: PartSource): Promise<string[]> {
  const texts: string[] = [];
  for (let part = await source.next(); part !== undefined; part = await source.next()) {
    texts.push(bytesOf(part).toString());
    part.release?.();
  }
  return texts;
}

describe("a part", () => {
  it.each<[string, (fd: number) => Part, string]>([
    ["in memory", () => bufferPart(BYTES), "0123456789"],
    ["of a file", (fd) => filePart(fd, 2, 5), "23456"],
    ["that is a small file", (fd) => smallPart(fd, 10), "0123456789"],
    ["that is an empty file", (fd) => smallPart(fd, 0), ""],
  ])("%s has its own bytes, size and checksums", (_what, make, text) => {
    const part = make(file().fd);
    expect(bytesOf(part).toString()).toBe(text);
    expect(part.body.size).toBe(text.length);
    for (const name of ["CRC64NVME", "CRC32", "SHA256"] as const)
      expect(part.checksum(name).toString("base64")).toBe(checksumOf(name, Buffer.from(text)));
  });

  it("of a small file that is shorter than it was says how much is missing", () => {
    const { fd } = file();
    expect(() => smallPart(fd, 13)).toThrow(new ShortFile("3 bytes are missing"));
  });
});

describe("the parts of a file", () => {
  it.each([
    [10, 4, ["0123", "4567", "89"]],
    [10, 5, ["01234", "56789"]],
    [10, 9, ["012345678", "9"]],
    [10, 10, ["0123456789"]],
    [10, 11, ["0123456789"]],
    [8, 4, ["0123", "4567"]],
  ])("of %i bytes, %i each", async (size, partSize, expected) => {
    const source = fileParts(file().fd, size, partSize, () => undefined);
    expect(await all(source)).toEqual(expected);
    expect(source.window).toBe(Number.POSITIVE_INFINITY);
  });

  it("are followed by a look whether the file has changed", () => {
    const changed = new Error("changed");
    const source = fileParts(file().fd, 10, 4, () => {
      throw changed;
    });
    expect(() => source.finish()).toThrow(changed);
  });
});

describe("a watched file", () => {
  const watched = () => {
    const { fd, path } = file();
    // Whole seconds, which can be set back exactly.
    utimesSync(path, 1000, 1000);
    const before = fstatSync(fd);
    return {
      path,
      before,
      check: (known: Partial<typeof before> = {}) => watchFile(fd, Object.assign(fstatSync(fd), known), path),
    };
  };

  it("that stays as it is passes", () => {
    expect(watched().check()).not.toThrow();
  });

  it.each([
    ["size", { size: 9 }],
    ["time of change", { mtimeMs: 999_000 }],
    ["time of the inode's change", { ctimeMs: 999_000 }],
  ])("whose %s alone is another has changed", (_what, known) => {
    expect(watched().check(known)).toThrow(expect.objectContaining({ id: "local-changed" }));
  });

  it("that is cut short meanwhile has changed", () => {
    const { path, check } = watched();
    const look = check();
    truncateSync(path, 3);
    expect(look).toThrow(expect.objectContaining({ id: "local-changed" }));
  });
});

/** An inlet that brings this text, and how large the buffers were that it filled. */
function inletOf(text: string) {
  const asked: number[] = [];
  let left = Buffer.from(text);
  let reading = 0;
  const inlet = {
    fill: async (buffer: Buffer) => {
      expect(++reading).toBe(1);
      asked.push(buffer.length);
      await new Promise(setImmediate);
      const length = left.copy(buffer);
      left = left.subarray(length);
      reading--;
      return length;
    },
  } as unknown as Inlet;
  return { inlet, asked };
}

describe("the parts of a stream", () => {
  it.each([
    ["", ["0123"]],
    ["4", ["0123", "4"]],
    ["4567", ["0123", "4567"]],
    ["45678", ["0123", "4567", "8"]],
    ["456789ab", ["0123", "4567", "89ab"]],
  ])("of which the first has been read, and %j follows", async (rest, expected) => {
    const { inlet } = inletOf(rest);
    const source = streamParts(inlet, Buffer.from("0123"), 4);
    expect(await all(source)).toEqual(expected);
    expect(await source.next()).toBeUndefined();
    expect(source.window).toBe(4);
    expect(source.finish()).toBeUndefined();
  });

  it("are not asked for again once the stream has ended", async () => {
    const { inlet, asked } = inletOf("45");
    const source = streamParts(inlet, Buffer.from("0123"), 4);
    await all(source);
    await source.next();
    expect(asked).toEqual([4]);
  });

  it("are read one after the other, and come in order, though many are asked for at once", async () => {
    const { inlet } = inletOf("456789abc");
    const source = streamParts(inlet, Buffer.from("0123"), 4);
    const parts = await Promise.all([source.next(), source.next(), source.next(), source.next()]);
    expect(parts.map((part) => part && bytesOf(part).toString())).toEqual(["0123", "4567", "89ab", "c"]);
  });

  it("fail with the stream's error, each that is asked for", async () => {
    const broken = new Error("broken");
    const inlet = { fill: () => Promise.reject(broken) } as unknown as Inlet;
    const source = streamParts(inlet, Buffer.from("0123"), 4);
    await source.next();
    await expect(source.next()).rejects.toBe(broken);
    await expect(source.next()).rejects.toBe(broken);
  });

  /** Buffers that are only as large as they say. */
  const sized = (length: number): Buffer =>
    ({ length, subarray: (_: number, end: number) => sized(end) }) as unknown as Buffer;

  it("wait for one another where two would be more than memory may hold", async () => {
    const asked: number[] = [];
    const inlet = {
      fill: async (buffer: Buffer) => {
        asked.push(buffer.length);
        return 0;
      },
    } as unknown as Inlet;
    const source = streamParts(inlet, sized(1024 * MIB - 4), 5);
    const first = await source.next();
    const second = source.next();
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(asked).toEqual([]);
    first?.release?.();
    expect(await second).toBeUndefined();
    expect(asked).toEqual([5]);
    // Exactly as much as may be held does not wait.
    const exact = streamParts(inlet, sized(1024 * MIB - 5), 5);
    await exact.next();
    expect(await exact.next()).toBeUndefined();
  });

  it("wait for those that fill the memory, which they use again", async () => {
    const filled: Buffer[] = [];
    const inlet = {
      fill: async (buffer: Buffer) => {
        filled.push(buffer);
        return buffer.length;
      },
    } as unknown as Inlet;
    const source = streamParts(inlet, sized(1024 * MIB - 10), 5);
    await source.next();
    const second = await source.next();
    await source.next();
    const fourth = source.next();
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(filled).toHaveLength(2);
    second?.release?.();
    await fourth;
    expect(filled[2]?.buffer).toBe(filled[0]?.buffer);
  });
});
