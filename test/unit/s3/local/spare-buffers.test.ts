import { expect, it } from "vitest";
import { SpareBuffers } from "../../../../src/s3/local/spare-buffers.js";

it("memory that was given is taken again, the last first, and what has become too small is given up", () => {
  const spare = new SpareBuffers();
  const [first, second] = [spare.take(10), spare.take(10)];
  expect(first).not.toBe(second);
  spare.give(first);
  spare.give(second);
  expect(spare.take(5)).toBe(second);
  const larger = spare.take(11);
  expect(larger).toHaveLength(11);
  spare.give(larger);
  expect(spare.take(11)).toBe(larger);
  expect(spare.take(10)).not.toBe(first);
});
