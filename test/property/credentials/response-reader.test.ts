import { expect, it } from "vitest";
import { compareReaders } from "./compare-readers.js";

it("the reader of answers never takes what Node's own parser refuses, nor reads it otherwise", async () => {
  expect(await compareReaders(Number(process.env.ANSWERS ?? 3000), 1)).toEqual([]);
});
