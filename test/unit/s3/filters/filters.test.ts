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
    expect(fileNamePattern(pattern)(text)).toBe(matches);
  });

  it("takes no time to speak of for a pattern that would lead a backtracking one astray", () => {
    const matches = fileNamePattern(`${"*a".repeat(50)}b`);
    expect(matches("a".repeat(5000))).toBe(false);
  });

  it("wildcards know no sets", () => {
    expect(wildcardPattern("[ab]*")("[ab]c")).toBe(true);
    expect(wildcardPattern("[ab]*")("ac")).toBe(false);
  });
});

describe("Filters", () => {
  const filters = (...rules: (readonly [string, string])[]) =>
    new Filters(rules.map(([name, value]) => ({ name, value })));

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

  it("passes other options over", () => {
    expect(new Filters([{ name: "acl", value: "*" }, { name: "exclude" }]).isEmpty).toBe(true);
  });
});
