import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PAGES = [
  "README.md",
  "Dockerfile.example",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:md|ya?ml|sh|mjs|json)$|Dockerfile/.test(name))
    .map((name) => join("docs", name)),
];

/** Where a command writes keys: `export --output` by itself, which is 0600 in any case, or a shell. */
const BY_OURSELVES = /fetch-creds\.js export\b[^\n`]*--output [^\s`]+/;
const BY_SHELL = /export-credentials\b[^\n`|]*> *[^\s`]+/;
const PRIVATE = /umask 077|mktemp/;
const DELETED = /\brm\b|\b[Dd]eletes?\b|\bdeleted\b/;

/** The line, with those around it that a reader pastes along. */
function around(lines: readonly string[], index: number): string {
  return lines.slice(Math.max(0, index - 6), index + 9).join("\n");
}

/** What is wrong with the commands in a text that write keys to a file. */
function careless(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const byShell = BY_SHELL.test(line);
    if (!byShell && !BY_OURSELVES.test(line)) return [];
    const near = around(lines, index);
    return [
      ...(byShell && !PRIVATE.test(near) ? [`others may read it: ${line}`] : []),
      ...(DELETED.test(near) ? [] : [`it is not deleted: ${line}`]),
    ];
  });
}

it.each(PAGES)("%s writes keys to files that only their owner reads, and deletes them", (page) => {
  expect(careless(readFileSync(page, "utf8"))).toEqual([]);
});

describe("the check of it", () => {
  it("finds something to check", () => {
    const writing = PAGES.map((page) => readFileSync(page, "utf8")).filter(
      (text) => BY_SHELL.test(text) || BY_OURSELVES.test(text),
    );
    expect(writing.length).toBeGreaterThan(3);
  });

  it.each([
    ["aws configure export-credentials > keys.json\nrm keys.json", ["others may read it"]],
    ["umask 077\naws configure export-credentials > keys.json", ["it is not deleted"]],
    ["node fetch-creds.js export --output keys.json", ["it is not deleted"]],
    ["aws configure export-credentials --format process > k", ["others may read it", "it is not deleted"]],
  ])("sees what is wrong with %j", (text, found) => {
    expect(careless(text).map((each) => each.split(":")[0])).toEqual(found);
  });

  it.each([
    "(umask 077; aws configure export-credentials > k) && docker build . ; rm k",
    "node fetch-creds.js export --output k\ndocker build .\nrm k",
    'eval "$(aws configure export-credentials --format env)"',
  ])("finds nothing wrong with %j", (text) => {
    expect(careless(text)).toEqual([]);
  });
});
