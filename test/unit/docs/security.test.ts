import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const rows = [...readFileSync("SECURITY.md", "utf8").matchAll(/^\| (.+) \| (.+) \|$/gm)]
  .map(([, claim = "", proof = ""]) => ({ claim, proof }))
  .filter(({ claim }) => claim.startsWith("cannot") || claim.startsWith("**can**"));

it("has a threat model", () => {
  expect(rows.length).toBeGreaterThan(20);
});

it.each(rows)("$claim: names its test", ({ claim, proof }) => {
  const targets = [...proof.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  // What is possible by its nature needs no proof; what is said to be impossible does.
  if (claim.startsWith("cannot")) expect(targets.length).toBeGreaterThan(0);
  for (const target of targets) expect(existsSync(target), target).toBe(true);
});
