import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bundle } from "../../build/bundle.mjs";
import { BUILT_FILE } from "../support/built-file.js";

const KB = 1024;
const LARGEST_FILE = 800_000;
const LARGEST_DOWNLOAD = 225_000;
/** What every start parses: all of verify, and what the other verbs have in common with it. */
const LARGEST_MAIN_SIDE = 102_000;

const { code, inputs, sizes } = await bundle();

/** `node_modules/@aws-sdk/core/dist-es/…` → `@aws-sdk/core`; our own modules by their path. */
function contributor(path: string): string {
  return path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? path;
}

/** The costliest contents of every part, for whoever has to make it smaller. */
function biggestContributors(): string {
  return [...sizes]
    .map(([part, files]) => {
      const bytes = new Map<string, number>();
      for (const [path, size] of Object.entries(files)) {
        bytes.set(contributor(path), (bytes.get(contributor(path)) ?? 0) + size);
      }
      const largest = [...bytes].sort((a, b) => b[1] - a[1]).slice(0, 10);
      return [`${part}:`, ...largest.map(([name, size]) => `  ${(size / KB).toFixed(1)} KB  ${name}`)].join(
        "\n",
      );
    })
    .join("\n");
}

describe("the size of fetch-creds.js", () => {
  it("is ASCII, for one other character makes V8 keep the whole file in two bytes each", () => {
    expect(code.match(/.{0,20}[^\0-\x7f].{0,20}/)?.[0]).toBeUndefined();
  });

  it("is at most 800 KB", () => {
    expect(code.length, biggestContributors()).toBeLessThanOrEqual(LARGEST_FILE);
  });

  it("is at most 225 KB when compressed", () => {
    expect(gzipSync(code, { level: 9 }).length, biggestContributors()).toBeLessThanOrEqual(LARGEST_DOWNLOAD);
  });

  it("has of the SDK what is used, and not the tables of all that S3 can do", () => {
    const bytes = Object.values(sizes.get("sdk") ?? {}).reduce((sum, size) => sum + size, 0);
    expect(bytes, biggestContributors()).toBeGreaterThan(20_000);
    expect(bytes, biggestContributors()).toBeLessThanOrEqual(70_000);
  });

  it("is at most 102 KB for what every start parses", () => {
    const bytes = Object.values(sizes.get("main") ?? {}).reduce((sum, size) => sum + size, 0);
    expect(bytes, biggestContributors()).toBeLessThanOrEqual(LARGEST_MAIN_SIDE);
  });
});

it("packages are bundled for the operations of the SDK alone", () => {
  const withPackages = [...sizes].filter(([, files]) =>
    Object.keys(files).some((file) => file.includes("node_modules/")),
  );
  expect(withPackages.map(([part]) => part)).toEqual(["sdk"]);
});

/** May be given on in a file of ours as long as their text goes with it. */
const PERMITTED =
  /^(MIT|Apache-2\.0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|\(MIT AND BSD-3-Clause\)|BlueOak-1\.0\.0)$/;

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
