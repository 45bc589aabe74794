import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { failureIds, strayMakers } from "../../support/docs/failure-ids.js";

const entries = [...readFileSync("docs/troubleshooting.md", "utf8").matchAll(/^### `([^`]+)`$/gm)].map(
  ([, id = ""]) => id,
);

it("has an entry for every failure, and none for what does not exist", () => {
  expect([...entries].sort()).toEqual(failureIds());
});

it("finds them all where failures are made", () => {
  expect(failureIds().length).toBeGreaterThan(100);
  expect(strayMakers()).toEqual([]);
});
