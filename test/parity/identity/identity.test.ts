import { beforeAll, describe, expect, it } from "vitest";
import { forkyRoot } from "../../support/forky/root.js";
import { runAll } from "./bed/run-all.js";
import { expectSameIdentity } from "./compare.js";
import type { Program, Run } from "./observed.js";
import { outcomeOf } from "./outcome.js";
import { PINNED } from "./pinned.js";
import { CONTROL, TABLE } from "./table.js";

/** IDENTITY_ONLY narrows the table while one works on a row. */
const only = new RegExp(process.env.IDENTITY_ONLY ?? "");

const groups = TABLE.map(({ title, setUps }) => ({
  title,
  setUps: setUps.filter((setUp) => only.test(setUp.title)),
})).filter(({ setUps }) => setUps.length > 0);

let runs: ReadonlyMap<string, Record<Program, Run>>;

beforeAll(async () => {
  const root = await forkyRoot();
  if (root === undefined)
    throw new Error("Debian's testing suite, whose AWS CLI is the reference, is not here.");
  runs = await runAll(root);
  // Without it, a product that always stops would be right where the AWS CLI does.
  expect(runs.get(CONTROL)?.ours.observed.signer).toBe("environment");
});

describe.each(groups)("whose keys: $title", ({ setUps }) => {
  it.each(setUps)("$title", ({ title }) => {
    const both = runs.get(title);
    expect(both).toBeDefined();
    expectSameIdentity(title, both!);
    if (title in PINNED) expect(outcomeOf(both!.ours.observed)).toBe(PINNED[title]);
  });
});
