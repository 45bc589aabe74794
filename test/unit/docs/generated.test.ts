import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGES } from "../../../scripts/docs/pages.js";
import { reference } from "../../../scripts/docs/reference.js";

it.each(Object.entries(PAGES))("%s is what npm run docs makes", (path, make) => {
  expect(readFileSync(path, "utf8"), "stale: npm run docs").toBe(make());
});

it("docs/reference.md tells each group of options once", () => {
  const headings: string[] = reference().match(/^#{2,3} .*$/gm) ?? [];
  expect(headings.length).toBeGreaterThan(15);
  expect(headings.filter((heading, index) => headings.indexOf(heading) !== index)).toEqual([]);
});

it("every page that says it is made, or a part of it, is one of them", () => {
  const made = readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .filter((path) => /^<!-- (Made|Generated) by/m.test(readFileSync(path, "utf8")));
  expect(made.sort()).toEqual(
    Object.keys(PAGES)
      .filter((path) => path.startsWith("docs/") && path.endsWith(".md"))
      .sort(),
  );
});
