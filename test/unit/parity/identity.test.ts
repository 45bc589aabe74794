import { expect, it } from "vitest";
import { DIFFERENCES } from "../../parity/identity/differences.js";
import { PINNED } from "../../parity/identity/pinned.js";
import { SET_UPS } from "../../parity/identity/table.js";

const titles = SET_UPS.map(({ title }) => title);

it("the identity table names each set-up once", () => {
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThan(600);
});

it("a difference in whose keys is that of a set-up, and has one reason", () => {
  const differing = Object.values(DIFFERENCES).flatMap(({ setUps }) => Object.keys(setUps));
  expect(differing.filter((title) => !titles.includes(title))).toEqual([]);
  expect(new Set(differing).size).toBe(differing.length);
  for (const { setUps } of Object.values(DIFFERENCES)) expect(Object.keys(setUps)).not.toEqual([]);
});

it("what is pinned is that of a set-up", () => {
  expect(Object.keys(PINNED).filter((title) => !titles.includes(title))).toEqual([]);
});
