import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bundle } from "../../build/bundle.mjs";
import { runBuilt } from "../support/run-built.js";

const { code, inputs } = await bundle();
/** The file without the comments that parts stand in. */
const text = code
  .replaceAll(/^(function (?:modules|sdk)\(\) \{)\/\*$|^\*\/\}$/gm, "$1")
  .replaceAll("*@/", "*/");
const files = [...new Set([...inputs.values()].flat())];

/** Where a line tells what the code below it is of. */
const named = [...text.matchAll(/^\/\/! (.*)$/gm)].map(([, origin = ""]) => origin);

function packageOf(path: string): string {
  const [folder = ""] = path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  return `${name} ${version} ${path.slice(folder.length + 1)}`;
}

describe("fetch-creds.js can be read", () => {
  it("holds nothing that is encoded or compressed", () => {
    expect(text.match(/[A-Za-z0-9+/=_-]{400,}/)?.[0].slice(0, 80)).toBeUndefined();
    expect(code).not.toMatch(/brotli|inflate|gunzip/i);
  });

  it("has a line with the file above each module of ours", () => {
    const ours = files.filter((file) => file.startsWith("src/") && !file.startsWith("src/s3/libraries/"));
    expect(ours.length).toBeGreaterThan(200);
    expect(named).toEqual(expect.arrayContaining(ours));
  });

  it("has a line with package and version above each module of a library", () => {
    const theirs = files.filter((file) => /node_modules\/.*\.m?js$/.test(file)).map(packageOf);
    expect(theirs.length).toBeGreaterThan(50);
    const missing = theirs.filter((origin) => !named.some((line) => line.split(": ")[0] === origin));
    expect(missing).toEqual([]);
  });

  it("keeps our names and lines", () => {
    expect(text).toMatch(/^function requirePart\(name\) \{$/m);
    expect(text).toMatch(/^\/\/! src\/failure\.ts\n(.*\n){0,20}var Failure = class extends Error \{$/m);
    expect(text).toMatch(/^\/\/! src\/aws\/sign\.ts\n(.*\n){0,80}function \w*[sS]ign\w*\(.*\{$/m);
    const ours = text.slice(0, text.indexOf('// The part "sdk".'));
    expect(Math.max(...ours.split("\n").map((line) => line.length))).toBeLessThan(1500);
  });
});

it("leaves the comments to the source, but for those that tell where code is from", () => {
  expect(text).not.toMatch(/\/\*(?!!)[^/]* \*\/$/m);
});

describe("a stack trace has our names", () => {
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "x".repeat(40) };

  it.each([
    {
      part: "what every run needs",
      args: ["verify"],
      failIn: "findSource",
      frame: /\s+at findSource \(.*\/fetch-creds\.js:\d+:\d+\)$/m,
    },
    {
      part: "the S3 side",
      args: ["ls", "s3://bucket"],
      failIn: "configuredEndpoint",
      frame:
        /\s+at (?:Object\.)?configuredEndpoint \(fetch-creds:src\/commands\/options\/configured\.ts:\d+:\d+\)$/m,
    },
  ])("in $part", async ({ args, failIn, frame }) => {
    const driver = resolve("test/support/bundle/fail-inside.cjs");
    const { stderr } = await runBuilt([...args, "--debug"], {
      env: { ...KEYS, FAIL_IN: failIn },
      nodeOptions: ["-r", driver],
    });
    expect(stderr).toContain("internal error: a bug");
    expect(stderr).toMatch(frame);
  });
});
