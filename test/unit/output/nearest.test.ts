import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, nearest } from "../../../src/output/nearest.js";

describe("distance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["abc", "abc", 0],
    ["abc", "abd", 1],
    ["abc", "acb", 1],
    ["abc", "ab", 1],
    ["verfiy", "verify", 1],
    ["kitten", "sitting", 3],
  ])("%s to %s is %i", (a, b, far) => {
    expect(distance(a, b)).toBe(far);
    expect(distance(b, a)).toBe(far);
  });
});

/** The same by its definition. */
function defined(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)];
  const ways = [
    defined(shortA, b) + 1,
    defined(a, shortB) + 1,
    defined(shortA, shortB) + (a.at(-1) === b.at(-1) ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    ways.push(defined(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...ways);
}

it("the distance is that of its definition, whatever the words", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(defined(a, b));
    }),
    { numRuns: 500 },
  );
});

describe("nearest", () => {
  const words = ["verify", "export", "exec", "cp", "sync", "ls", "cache-key", "doctor"];

  it.each([
    ["verfy", "verify"],
    ["VERIFY", "verify"],
    ["exprot", "export"],
    ["exce", "exec"],
    ["cpp", "cp"],
    ["snyc", "sync"],
    ["cachekey", "cache-key"],
    ["cac", "cache-key"],
    ["lsx", "ls"],
  ])("%s means %s", (given, meant) => {
    expect(nearest(given, words)).toBe(meant);
  });

  it("is a word that differs in a third of its letters at most", () => {
    expect(nearest("xerifx", words)).toBe("verify");
    expect(nearest("xxrifx", words)).toBeUndefined();
    expect(nearest("verify", [])).toBeUndefined();
  });

  it.each([
    [64, true],
    [65, false],
  ])("is looked for a word of %i letters: %s", (length, isLookedFor) => {
    const word = "v".repeat(length);
    expect(nearest(word, [word])).toBe(isLookedFor ? word : undefined);
  });

  it.each(["", "x", "banana", "s3://bucket/key", "v".repeat(100_000)])("nothing is near %s", (given) => {
    expect(nearest(given, words)).toBeUndefined();
  });
});
