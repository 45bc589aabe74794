import { type BigIntStats, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { CaseConflicts } from "../../../../src/s3/plan/case-conflicts.js";
import { copy } from "../../../../src/s3/plan/cp.js";
import { FileIdentities } from "../../../../src/s3/plan/file-identities.js";
import { foldsNames, RespeltFiles } from "../../../../src/s3/plan/folding.js";
import { PlanWorld } from "../../../support/plan-world.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

/** A file system that takes names in any case for one, as those of macOS and Windows do. */
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const there = (path: string): string => {
    if (fs.existsSync(path) || path === "/") return path;
    const folder = there(dirname(path));
    const asked = basename(path).toLowerCase();
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return `${folder}/${names.find((name) => name.toLowerCase() === asked) ?? basename(path)}`;
  };
  const lstatSync = vi.fn((path: string, options: object) => fs.lstatSync(there(path), options));
  return { ...fs, lstatSync, readdirSync: vi.fn((path: string) => fs.readdirSync(there(path))) };
});

it("finds a file by another spelling of its name, or of a folder on its way, and only so", () => {
  using folder = temporaryFolder();
  mkdirSync(folder.at("d"));
  for (const name of ["Name", "d/One", "d/2"]) writeFileSync(folder.at(name), "");
  expect(foldsNames(folder.path, "case")).toBe(true);
  const asked = ["Name", "name", "missing", "d/One", "d/one", "D/One", "D/2", "d/2", "d/missing"];
  const files = new RespeltFiles(folder.path);
  expect(asked.filter((name) => files.has(name))).toEqual(["name", "d/one", "D/One", "D/2"]);
});

it("reads each folder of the path that was asked for last once", () => {
  using folder = temporaryFolder();
  for (const name of ["d", "e"]) mkdirSync(folder.at(name));
  for (const name of ["d/1", "d/2", "e/1"]) writeFileSync(folder.at(name), "");
  const files = new RespeltFiles(folder.path);
  const read = (name: string) => {
    vi.mocked(readdirSync).mockClear();
    files.has(name);
    return vi.mocked(readdirSync).mock.calls.map(([path]) => path);
  };
  expect(read("d/1")).toEqual([folder.path, folder.at("d")]);
  expect(read("d/2")).toEqual([]);
  expect(read("e/1")).toEqual([folder.at("e")]);
  expect(read("d/1")).toEqual([folder.at("d")]);
});

it.each([["file"], ["folder"]])("tells of a folder by a %s that is alone in it", (kind) => {
  using folder = temporaryFolder();
  if (kind === "file") writeFileSync(folder.at("Name"), "");
  else mkdirSync(folder.at("Name"));
  expect(foldsNames(folder.path, "case")).toBe(true);
});

describe("what the system says of two spellings", () => {
  const stats = (dev: bigint, ino: bigint) =>
    ({ dev, ino, nlink: 1n, isDirectory: () => false }) as unknown as BigIntStats;
  /** What a folder of this one name says, whose spellings the system sees so. */
  const told = (small: BigIntStats | undefined, capital: BigIntStats | undefined) => {
    vi.mocked(readdirSync).mockReturnValueOnce(["a"] as never);
    vi.mocked(lstatSync).mockReturnValueOnce(capital).mockReturnValueOnce(small);
    return foldsNames("/folder", "case");
  };

  it.each([
    ["of the same file", stats(1n, 2n), stats(1n, 2n), true],
    ["of another file", stats(1n, 2n), stats(1n, 3n), false],
    ["of a file of another device", stats(1n, 2n), stats(2n, 2n), false],
    ["of a file and nothing", stats(1n, 2n), undefined, false],
    ["of a file that has gone meanwhile", undefined, stats(1n, 2n), undefined],
  ])("%s", (_what, small, capital, expected) => {
    expect(told(small, capital)).toBe(expected);
  });

  it("tells files apart by all digits of their numbers", () => {
    const numbered = (number: bigint) =>
      vi.mocked(lstatSync).mockImplementationOnce((_path, options) => {
        const { bigint } = options as { bigint: boolean };
        return { dev: bigint ? 1n : 1, ino: bigint ? number : Number(number) } as never;
      });
    const files = new FileIdentities();
    numbered(2n ** 53n);
    files.add("a");
    numbered(2n ** 53n + 1n);
    expect(files.has("b")).toBe(false);
    numbered(2n ** 53n);
    expect(files.has("c")).toBe(true);
  });
});

describe("names in a folder that takes any case for one", () => {
  const settled = () => Promise.resolve();

  it("without a rule are one where they differ in case alone, and the folder is asked once", async () => {
    using folder = temporaryFolder();
    for (const name of ["\u00c9", "x"]) writeFileSync(folder.at(name), "");
    const all = new CaseConflicts("ignore", folder.path, settled);
    const asked = ["\u00e9", "e\u0301", "\u00c9", "X", "x", "Y", "y"];
    vi.mocked(readdirSync).mockClear();
    const found: boolean[] = [];
    for (const name of asked) found.push(await all.conflicts(name));
    expect(found).toEqual([false, false, true, false, true, false, true]);
    // Once for accents, once for case.
    expect(readdirSync).toHaveBeenCalledTimes(2);
  });

  it("are told by the folder that they are in", async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at("1"));
    writeFileSync(folder.at("1", "A"), "");
    const all = new CaseConflicts("ignore", folder.path, settled);
    expect(await all.conflicts("1/A")).toBe(false);
    expect(await all.conflicts("1/a")).toBe(true);
  });

  it("are told once a file that was begun is there", async () => {
    using folder = temporaryFolder();
    const all = new CaseConflicts("ignore", folder.path, async () => writeFileSync(folder.at("A"), ""));
    expect(await all.conflicts("A")).toBe(false);
    expect(await all.conflicts("a")).toBe(true);
  });

  it("are those of files that are there only where a rule was given", async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("Name"), "");
    expect(await new CaseConflicts("ignore", folder.path, settled).conflicts("name")).toBe(false);
    expect(await new CaseConflicts("skip", folder.path, settled).conflicts("name")).toBe(true);
  });

  it("leave out the second of two objects, with a warning", async () => {
    const world = new PlanWorld();
    world.objects({ "p/A": "1", "p/a": "2" });
    const work = world.work();
    const route = world.route("s3://b/p", "d", true);
    await copy(work, { route, recursive: true, raw: false, versionId: undefined, expectedSize: undefined });
    expect(work.report.finish()).toBe(2);
    expect(world.requests).toEqual(["GetObject b/p/A"]);
    expect(world.said).toContainEqual(expect.stringMatching(/^warning: .*Skipping s3:\/\/b\/p\/a -> d\/a/));
  });
});
