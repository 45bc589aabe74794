import { describe, expect, it } from "vitest";
import { fileNamePattern, wildcardPattern } from "../../../../src/s3/filters/file-name-pattern.js";
import { Filters } from "../../../../src/s3/filters/filters.js";

describe("fileNamePattern, as Python's fnmatch", () => {
  const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
    ["*", "any/thing\n", true],
    ["*", "", true],
    ["a*c", "a/b/c", true],
    ["a*c", "a/b/d", false],
    ["a?c", "a/c", true],
    ["?", "\u{1f600}", true],
    ["?", "", false],
    ["[abc]", "b", true],
    ["[!abc]", "b", false],
    ["[!abc]", "d", true],
    ["[a-c]x", "bx", true],
    ["[c-a]", "b", false],
    ["[]]", "]", true],
    ["[!]]", "x", true],
    ["[a-]", "-", true],
    ["[", "[", true],
    ["[abc", "[abc", true],
    ["a**b", "axyzb", true],
    ["*.txt", "d/x.txt", true],
    ["*.txt", "x.txt.gz", false],
    ["", "", true],
    ["", "x", false],
    ["a.c", "abc", false],
  ];
  it.each(cases)("%j on %j: %s", (pattern, text, matches) => {
    expect(fileNamePattern(pattern).matches(text)).toBe(matches);
  });

  it("takes no time to speak of for a pattern that would lead a backtracking one astray", () => {
    const pattern = fileNamePattern(`${"*a".repeat(50)}b`);
    expect(pattern.matches("a".repeat(5000))).toBe(false);
  });

  it("wildcards know no sets", () => {
    expect(wildcardPattern("[ab]*")("[ab]c")).toBe(true);
    expect(wildcardPattern("[ab]*")("ac")).toBe(false);
  });
});

describe("fileNamePattern of a folder", () => {
  const cases: readonly (readonly [pattern: string, folder: string, may: boolean, all: boolean])[] = [
    ["*", "d/", true, true],
    ["*", "", true, true],
    ["d/*", "d/", true, true],
    ["d/*", "d/e/", true, true],
    ["d*", "d/", true, true],
    ["d/?*", "d/", true, true],
    ["d/*?", "d/", true, true],
    ["*/e/*", "d/e/", true, true],
    ["*/e/*", "d/", true, false],
    ["*.log", "d.log/", true, false],
    ["d/", "d/", false, false],
    ["d", "d/", false, false],
    ["d/x", "d/", true, false],
    ["e/*", "d/", false, false],
    ["d/??*", "d/", true, false],
  ];
  it.each(cases)("%j and %j: may match %s, matches all %s", (pattern, folder, may, all) => {
    expect(fileNamePattern(pattern).mayMatchBelow(folder)).toBe(may);
    expect(fileNamePattern(pattern).matchesAllBelow(folder)).toBe(all);
  });
});

describe("Filters", () => {
  const filters = (...rules: (readonly [string, string])[]) =>
    new Filters(rules.map(([name, pattern]) => ({ includes: name === "include", pattern })));

  it("may accept something below a folder unless the rules leave out all of it", () => {
    const none = filters(["exclude", "d/*"]);
    expect(none.mayAcceptBelow("d/")).toBe(false);
    expect(none.mayAcceptBelow("e/")).toBe(true);
    expect(none.mayAcceptBelow("")).toBe(true);
    expect(filters(["exclude", "*"], ["include", "*.txt"]).mayAcceptBelow("d/")).toBe(true);
    expect(filters(["exclude", "*"], ["include", "e/*"]).mayAcceptBelow("d/")).toBe(false);
    expect(filters(["include", "*.txt"], ["exclude", "*"]).mayAcceptBelow("d/")).toBe(false);
    expect(filters(["exclude", "/root/d/*"]).mayAcceptBelow("d/", "/root")).toBe(false);
    expect(filters(["exclude", "/root/d/*"]).mayAcceptBelow("d/")).toBe(true);
    expect(filters().mayAcceptBelow("d/")).toBe(true);
  });

  it("begins with everything, the last match wins", () => {
    const some = filters(["exclude", "*"], ["include", "*.txt"], ["exclude", "secret/*"]);
    expect(["a.txt", "d/a.txt", "a.log", "secret/a.txt"].map((name) => some.accepts(name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(filters().isEmpty).toBe(true);
    expect(filters().accepts("x")).toBe(true);
  });

  it("takes an absolute pattern for local paths only", () => {
    const some = filters(["exclude", "/src/*.log"]);
    expect(some.accepts("a.log", "/src")).toBe(false);
    expect(some.accepts("a.log", "/other")).toBe(true);
    expect(some.accepts("a.log")).toBe(true);
    expect(filters(["exclude", "/a"]).accepts("a", "/")).toBe(false);
  });
});
