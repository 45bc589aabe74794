import { linkSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CaseConflicts, foldedName } from "../../../../src/s3/plan/case-conflicts.js";
import type { CaseConflictRule } from "../../../../src/s3/plan/copy-options.js";
import { FileIdentities } from "../../../../src/s3/plan/file-identities.js";
import { foldsNames } from "../../../../src/s3/plan/folding.js";
import { TextSet } from "../../../../src/s3/plan/text-set.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe("TextSet", () => {
  it("knows what it was given, and nothing else, through many growths", () => {
    const set = new TextSet();
    for (let number = 0; number < 20_000; number++) expect(set.add(`p/${number}`)).toBe(true);
    for (let number = 0; number < 20_000; number++) {
      expect(set.has(`p/${number}`)).toBe(true);
      expect(set.has(`q/${number}`)).toBe(false);
    }
    expect(set.add("p/7")).toBe(false);
    expect(set.add("")).toBe(true);
    expect(set.has("")).toBe(true);
  });
});

describe("FileIdentities", () => {
  it("knows a file by any of its names, and no other", () => {
    writeFileSync(folder.at("a"), "");
    writeFileSync(folder.at("b"), "");
    const files = new FileIdentities();
    files.add(folder.at("a"));
    files.add(folder.at("missing"));
    renameSync(folder.at("a"), folder.at("A"));
    expect([folder.at("A"), folder.at("b"), folder.at("missing")].map((path) => files.has(path))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("CaseConflicts", () => {
  const settled = () => Promise.resolve();
  const conflicts = async (rule: CaseConflictRule, ...names: string[]) => {
    const all = new CaseConflicts(rule, folder.path, settled);
    const found: boolean[] = [];
    for (const name of names) found.push(await all.conflicts(name));
    return found;
  };

  it("folds case and composition", () => {
    expect(foldedName("Caf\u00c9")).toBe(foldedName("cafe\u0301"));
    expect(foldedName("README.md")).toBe(foldedName("readme.MD"));
  });

  it("with a rule: two names that fold to the same", async () => {
    for (const rule of ["skip", "warn", "error"] as const)
      expect(await conflicts(rule, "A", "b", "a", "d/\u00e9", "d/e\u0301")).toEqual([
        false,
        false,
        true,
        false,
        true,
      ]);
  });

  it("without one: none where the folder tells names apart, or nothing is in it", async () => {
    expect(await conflicts("ignore", "A", "a")).toEqual([false, false]);
    mkdirSync(folder.at("d"));
    writeFileSync(folder.at("d", "A"), "");
    expect(await conflicts("ignore", "d/A", "d/a", "d/\u00e9", "d/e\u0301")).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("CaseConflicts in a folder that cannot tell yet", () => {
  it("waits for the files that were begun, once, and looks again", async () => {
    let waits = 0;
    const all = new CaseConflicts("ignore", folder.path, async () => {
      waits++;
      mkdirSync(folder.at("d"));
      for (const name of ["A", "d/A"]) writeFileSync(folder.at(name), "");
    });
    expect(all.conflicts("d/A")).toBe(false);
    expect(waits).toBe(0);
    expect(await all.conflicts("d/a")).toBe(false);
    expect(waits).toBe(1);
    for (const name of ["d/B", "d/b", "C", "c"]) expect(await all.conflicts(name)).toBe(false);
    expect(waits).toBe(1);
  });

  it("asks nothing where a rule was given", () => {
    const never = () => Promise.reject(new Error("waited"));
    const all = new CaseConflicts("skip", folder.path, never);
    expect(["A", "a", "\u00e9", "e\u0301", "\u00c9"].map((name) => all.conflicts(name))).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });
});

describe("foldsNames", () => {
  it("cannot tell without a name that has another spelling", () => {
    expect(foldsNames(folder.at("missing"), "case")).toBeUndefined();
    writeFileSync(folder.at("2024"), "");
    expect(foldsNames(folder.path, "case")).toBeUndefined();
    writeFileSync(folder.at("a"), "");
    expect(foldsNames(folder.path, "case")).toBe(false);
    expect(foldsNames(folder.path, "form")).toBeUndefined();
  });

  it.each([
    ["case", "a"],
    ["case", "A"],
    ["form", "\u00e9"],
    ["form", "e\u0301"],
  ] as const)("tells of %s by %j alone, and by a link of another name", (kind, name) => {
    writeFileSync(folder.at(name), "");
    expect(foldsNames(folder.path, kind)).toBe(false);
    linkSync(folder.at(name), folder.at("2024"));
    expect(foldsNames(folder.path, kind)).toBe(false);
  });

  it("tells two files apart whose names differ so", () => {
    for (const name of ["A", "a"]) writeFileSync(folder.at(name), "");
    expect(foldsNames(folder.path, "case")).toBe(false);
  });

  it("takes hard links of the same name for what they are", () => {
    writeFileSync(folder.at("A"), "");
    linkSync(folder.at("A"), folder.at("a"));
    expect(foldsNames(folder.path, "case")).toBeUndefined();
  });
});
