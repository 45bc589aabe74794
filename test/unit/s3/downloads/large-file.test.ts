import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChecksumName } from "../../../../src/s3/checksums/algorithms.js";
import { LargeFile } from "../../../../src/s3/downloads/large-file.js";
import type { FilePlace } from "../../../../src/s3/local/file-place.js";
import { TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const WORLD = { pid: 1, isRunning: () => true, random: Math.random, now: Date.now };
const TEXT = "0123456789";
const make = (place: FilePlace) => new LargeFile(place, new TemporaryNames(WORLD), TEXT.length);

/** The file with all its ranges, the last one first; their checksums are known by these names. */
async function written(path: string, names: readonly ChecksumName[]): Promise<LargeFile> {
  const file = make({ path });
  for (const [start, end] of [
    [7, 10],
    [3, 7],
    [0, 3],
  ] as const) {
    const range = file.range({ start, end });
    range.write(Buffer.from(TEXT.slice(start, start + 1)));
    range.write(Buffer.from(TEXT.slice(start + 1, end)));
    await range.complete(async () => names);
  }
  return file;
}

describe("a large file", () => {
  it.each<readonly [readonly ChecksumName[]]>([[[]], [["CRC64NVME"]], [["SHA256", "CRC32"]], [["SHA1"]]])(
    "whose ranges came from the last to the first has its checksums, %j being known",
    async (names) => {
      using folder = temporaryFolder();
      const file = await written(folder.at("f"), names);
      for (const name of ["CRC64NVME", "CRC32", "SHA256", "SHA1"] as const)
        expect(file.digest(name).toString("base64")).toBe(checksumOf(name, Buffer.from(TEXT)));
      file.finish({ size: TEXT.length, headers: {} });
      expect(readFileSync(folder.at("f"), "utf8")).toBe(TEXT);
    },
  );

  it("is not read again for the first CRC", async () => {
    using folder = temporaryFolder();
    const file = await written(folder.at("f"), ["SHA256", "CRC32", "CRC32C"]);
    writeFileSync(folder.at(readdirSync(folder.path)[0] ?? ""), "9876543210");
    const isOf = (text: string, name: ChecksumName) =>
      file.digest(name).toString("base64") === checksumOf(name, Buffer.from(text));
    expect(isOf(TEXT, "CRC32")).toBe(true);
    expect(isOf("9876543210", "CRC32C")).toBe(true);
    file.discard();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  /** A place whose folder is held by a descriptor, and what is said of its target. */
  function held(path: string, checkTarget: () => void) {
    let open = 0;
    const hold = () => {
      const fd = openSync(path, "r");
      open++;
      const release = () => {
        open--;
        closeSync(fd);
      };
      return { path: `${path}/f`, checkFolder: () => undefined, checkTarget, release };
    };
    return { place: { path: "shown", hold }, open: () => open };
  }

  it("is not begun where a folder has its name", () => {
    using folder = temporaryFolder();
    expect(() => make({ path: folder.path })).toThrow(expect.objectContaining({ id: "local-is-folder" }));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("is not begun where its target must not be replaced, and leaves no folder open", () => {
    using folder = temporaryFolder();
    const reason = new Error("taken");
    const { place, open } = held(folder.path, () => {
      throw reason;
    });
    expect(() => make(place)).toThrow("taken");
    expect([open(), readdirSync(folder.path)]).toEqual([0, []]);
  });

  it("holds its folder once, until it is there", () => {
    using folder = temporaryFolder();
    const { place, open } = held(folder.path, () => undefined);
    const file = make(place);
    expect(open()).toBe(1);
    file.finish({ size: 0, headers: {} });
    expect(open()).toBe(0);
  });
});
