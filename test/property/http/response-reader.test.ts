import { expect, it } from "vitest";
import { Share } from "../../support/share.js";
import { compareReaders } from "./compare-readers.js";

it("the reader of responses never takes what Node's own parser refuses, nor reads it otherwise", async () => {
  const taken = new Share();
  expect(await compareReaders(Number(process.env.RESPONSES ?? 3000), 1, taken)).toEqual([]);
  taken.expectAtLeast(0.1, 0.9);
});
