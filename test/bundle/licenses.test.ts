import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { bundle } from "../../build/bundle.mjs";
import { BUILT_FILE } from "../support/built-file.js";

/** May be given on in a file of ours as long as their text goes with it. */
const PERMITTED =
  /^(MIT|Apache-2\.0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|\(MIT AND BSD-3-Clause\)|BlueOak-1\.0\.0)$/;

const { inputs } = await bundle();
const folders = new Set(
  [...inputs.values()]
    .flat()
    .map((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0])
    .filter((folder) => folder !== undefined),
);
const licenses = readFileSync(join(dirname(BUILT_FILE), "THIRD-PARTY-LICENSES.txt"), "utf8");

it.each([...folders].sort())(
  "%s is named in THIRD-PARTY-LICENSES.txt, with a licence that permits it",
  (folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(license).toMatch(PERMITTED);
    expect(licenses).toContain(`${name} ${version} (${license})\n====`);
  },
);

it("sees the packages that src imports", () => {
  expect([...folders]).toContain("node_modules/@aws-sdk/client-s3");
});

it("says the terms themselves", () => {
  const sections = licenses.split(/^.+ \(.+\)\n=+\n\n/m).slice(1);
  expect(sections.length).toBe(folders.size);
  for (const section of sections)
    expect(section).toMatch(/Permission is hereby granted|Apache License|Licence: /);
});
