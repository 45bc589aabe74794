import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { holdPlace } from "../../../../src/s3/local/file-place.js";
import { WritableFile } from "../../../../src/s3/local/writable-file.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, writeSync: vi.fn(fs.writeSync) };
});

it("bytes are written where they belong, in any order", () => {
  using folder = temporaryFolder();
  const fd = openSync(folder.at("x"), "w");
  const file = new WritableFile(fd, "shown");
  file.write(Buffer.from("cd"), 2);
  file.write(Buffer.from("ab"), 0);
  file.write(Buffer.alloc(0), 0);
  closeSync(fd);
  expect(readFileSync(folder.at("x"), "utf8")).toBe("abcd");
});

it("all bytes are written, though a write takes only some of them", () => {
  using folder = temporaryFolder();
  const fd = openSync(folder.at("x"), "w");
  const writeAll = vi.mocked(writeSync).getMockImplementation() as typeof writeSync;
  const writeTwo = (...[to, bytes, from, , at]: [number, Buffer, number, number, number]) =>
    writeAll(to, bytes, from, 2, at);
  for (let times = 0; times < 2; times++) vi.mocked(writeSync).mockImplementationOnce(writeTwo as never);
  new WritableFile(fd, "shown").write(Buffer.from("abcdefg"), 3);
  closeSync(fd);
  expect(readFileSync(folder.at("x"), "utf8")).toBe("\0\0\0abcdefg");
});

it("a failure names the file as it is shown", () => {
  using folder = temporaryFolder();
  writeFileSync(folder.at("x"), "");
  const fd = openSync(folder.at("x"), "r");
  const file = new WritableFile(fd, "shown");
  expect(() => file.write(Buffer.from("a"), 0)).toThrow(/^Cannot write shown: /);
  closeSync(fd);
});

it("a place without a folder to hold is its path", () => {
  const place = holdPlace({ path: "/a/b" });
  expect(place.path).toBe("/a/b");
  for (const nothing of [place.checkFolder, place.checkTarget, place.release])
    expect(nothing()).toBeUndefined();
});
