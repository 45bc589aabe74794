import { expect, it } from "vitest";
import { REASONS } from "../../parity/reasons.js";
import { TABLE } from "../../parity/table.js";

it("every reason is that of some line", () => {
  const used = new Set(TABLE.flatMap(({ lines }) => lines.map((line) => line.differs?.why)));
  expect(Object.keys(REASONS).filter((reason) => !used.has(reason as keyof typeof REASONS))).toEqual([]);
});
