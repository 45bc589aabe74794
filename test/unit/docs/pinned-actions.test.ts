import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const FOLDER = ".github/workflows";
const PINS = readdirSync(FOLDER).flatMap((name) =>
  [...readFileSync(`${FOLDER}/${name}`, "utf8").matchAll(/uses: (\S+)@(\S+)(?: # (\S+))?/g)].map(
    ([, action, id, release]) => ({ action, id, release }),
  ),
);

it("every action is pinned by a commit id, and docs/releasing.md says where that was found", () => {
  const page = readFileSync("docs/releasing.md", "utf8");
  expect(PINS.length).toBeGreaterThan(4);
  for (const { action, id, release } of PINS) {
    expect(id, action).toMatch(/^[0-9a-f]{40}$/);
    expect(page).toContain(`| ${action} | ${release} | \`${id}\` |`);
  }
});
