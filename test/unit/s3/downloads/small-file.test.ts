import { readdirSync, readFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { SmallFile } from "../../../../src/s3/downloads/small-file.js";
import { TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const WORLD = { pid: 1, isRunning: () => true, random: Math.random, now: Date.now };
const SIZE = 4096;

/** Files in a folder, and what writes into each of them. */
function files(at: (name: string) => string, size = SIZE) {
  const names = new TemporaryNames(WORLD);
  return (name: string) => {
    const file = new SmallFile({ path: at(name) }, names);
    const { write } = file.range({ start: 0, end: size });
    return { write, discard: () => file.discard(), finish: () => file.finish({ size, headers: {} }) };
  };
}

it("writes many files from memory that is used again, each with its own bytes", () => {
  using folder = temporaryFolder();
  const begin = files((name) => folder.at(name));
  for (let round = 0; round < 3; round++) {
    const open = ["a", "b", "c"].map((name) => ({ name: `${name}${round}`, file: begin(`${name}${round}`) }));
    for (const { name, file } of open) file.write(Buffer.alloc(SIZE, name));
    for (const { file } of open) file.finish();
    for (const { name } of open) expect(readFileSync(folder.at(name))).toEqual(Buffer.alloc(SIZE, name));
  }
  expect(readdirSync(folder.path)).toHaveLength(9);
});

it.each(["discard", "finish"] as const)(
  "takes no bytes after its end (%s): the memory is another's",
  (end) => {
    using folder = temporaryFolder();
    const begin = files((name) => folder.at(name));
    const ended = begin("ended");
    ended.write(Buffer.alloc(SIZE - 1, "x"));
    ended[end]();
    const next = begin("next");
    next.write(Buffer.alloc(SIZE, "n"));
    ended.write(Buffer.from("!"));
    next.finish();
    expect(readFileSync(folder.at("next"))).toEqual(Buffer.alloc(SIZE, "n"));
  },
);

it.each([
  [32 * 1024, "discard", 0],
  [32 * 1024, "finish", 0],
  [32 * 1024 + 1, "discard", 1],
  [32 * 1024 + 1, "finish", 1],
] as const)(
  "of %i bytes has, after another's %s, so many pieces of new memory: %i",
  (size, end, expected) => {
    using folder = temporaryFolder();
    const begin = files((name) => folder.at(name), size);
    const allocate = vi.spyOn(Buffer, "allocUnsafeSlow");
    onTestFinished(() => allocate.mockRestore());
    let first = begin("first");
    // Until all that the files before have given back is in use.
    while (allocate.mock.calls.length === 0) first = begin("first");
    first[end]();
    allocate.mockClear();
    const next = begin("next");
    next.write(Buffer.alloc(size, "n"));
    next.finish();
    expect(allocate).toHaveBeenCalledTimes(expected);
    expect(readFileSync(folder.at("next")).equals(Buffer.alloc(size, "n"))).toBe(true);
  },
);

it("is empty where no range has come", () => {
  using folder = temporaryFolder();
  const file = new SmallFile({ path: folder.at("empty") }, new TemporaryNames(WORLD));
  file.finish({ size: 0, headers: {} });
  expect(readFileSync(folder.at("empty"))).toHaveLength(0);
});
