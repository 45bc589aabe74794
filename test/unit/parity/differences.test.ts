import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { differencesPage } from "../../../scripts/differences-page.js";
import { REASONS } from "../../parity/reasons.js";
import { TABLE } from "../../parity/table.js";

it("docs/differences.md is what the parity table says (npx tsx scripts/differences.ts)", () => {
  expect(readFileSync("docs/differences.md", "utf8")).toBe(differencesPage());
});

it("every reason is that of some line", () => {
  const used = new Set(TABLE.flatMap(({ lines }) => lines.map((line) => line.differs?.why)));
  expect(Object.keys(REASONS).filter((reason) => !used.has(reason as keyof typeof REASONS))).toEqual([]);
});
