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

  it.each(["", "x", "banana", "s3://bucket/key", "v".repeat(100_000)])("nothing is near %s", (given) => {
    expect(nearest(given, words)).toBeUndefined();
  });
});
