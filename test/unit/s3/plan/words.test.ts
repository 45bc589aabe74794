import { describe, expect, it } from "vitest";
import { Filters } from "../../../../src/s3/filters/filters.js";
import { parseRoute } from "../../../../src/s3/locations/location.js";
import { emptySource, nothingBelow, nothingListed } from "../../../../src/s3/plan/failures.js";
import { checkApart } from "../../../../src/s3/plan/overlap.js";

const excluding = (...patterns: string[]) =>
  new Filters(patterns.map((pattern) => ({ includes: false, pattern })));

describe("sync --delete between two places", () => {
  const check = (source: string, target: string, filters = new Filters([])) =>
    checkApart(parseRoute(source, target, true), filters);

  it.each([
    ["s3://b/p", "s3://c/p"],
    ["s3://b/p", "s3://b/p2"],
    ["s3://b/p/x", "s3://b/p/y"],
    ["s3://b/pp", "s3://b/p"],
    ["s3://b/p", "p"],
    ["p", "s3://b/p"],
  ])("%s to %s is done", (source, target) => {
    expect(() => check(source, target)).not.toThrow();
  });

  it.each([
    ["s3://b/p", "s3://b/p/in", "in/"],
    ["s3://b/p/in", "s3://b/p/", "in/"],
    ["s3://b", "s3://b/p", "p/"],
    ["s3://b/p", "s3://b", "p/"],
  ])("%s to %s is refused, with the filter that would do", (source, target, name) => {
    const hint = expect.stringContaining(`add --exclude '${name}*'`);
    expect(() => check(source, target)).toThrow(
      expect.objectContaining({ id: "sync-overlap", exitCode: 252, hint }),
    );
    expect(() => check(source, target, excluding(`${name}*`))).not.toThrow();
    expect(() => check(source, target, excluding("other/*"))).toThrow("one is in the other");
  });

  it("the same place is told to be that", () => {
    const hint = "They are the same place: there is nothing to do.";
    expect(() => check("s3://b/p", "s3://b/p/")).toThrow(expect.objectContaining({ hint }));
    expect(() => check("s3://b", "s3://b")).toThrow(expect.objectContaining({ hint }));
  });
});

describe("a URI with wildcards that are not expanded", () => {
  const MAKERS = [emptySource, nothingListed, nothingBelow];
  it.each([
    ["s3://b/p/*.whl", "s3://b/p/", "*.whl"],
    ["s3://b/p/*.whl/", "s3://b/p/", "*.whl"],
    ["s3://b/a?c", "s3://b/", "a?c"],
    ["s3://b/p/q*/r?", "s3://b/p/", "q*/r?"],
    ["s3://*", "s3://", "*"],
  ])("%s: the hint has its folder and its pattern", (uri, folder, pattern) => {
    for (const make of MAKERS) {
      const { hint } = make(uri);
      expect(hint).toContain(` ${folder} `);
      expect(hint).toContain(`--exclude '*' --include '${pattern}'`);
    }
  });

  it.each(["s3://b/p/", "s3://b", "s3://b/p/in/x"])("%s has none", (uri) => {
    for (const make of MAKERS) expect(make(uri).hint).not.toContain("--include");
  });
});
