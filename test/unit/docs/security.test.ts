import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Claim {
  readonly claim: string;
  readonly proof: string;
}

/** The claims of a page like SECURITY.md, each with what it names as its proof. */
function claimsOf(page: string): Claim[] {
  return [...page.matchAll(/^\| (.+) \| (.+) \|$/gm)]
    .map(([, claim = "", proof = ""]) => ({ claim, proof }))
    .filter(({ claim }) => claim.startsWith("cannot") || claim.startsWith("**can**"));
}

/** A place where a test or a case of one is given its title. */
const TITLE = /\b(?:it|test|describe|name|what)\b|^\s*["'`]|\]\)\(["'`]/;

/** The lines with titles in the tests at a path. */
function titlesAt(path: string): string[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name))
    : [path];
  return files
    .filter((file) => /^test\/.*\.ts$/.test(file))
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => TITLE.test(line)),
    );
}

/** What is wrong with a proof: `"a title" in [PATH](PATH)`, one or more. */
function faultsOf({ claim, proof }: Claim): string[] {
  const named = [...proof.matchAll(/"([^"]+)" in \[[^\]]*\]\(([^)]+)\)/g)];
  // What is possible by its nature needs no proof; what is said to be impossible does.
  if (named.length === 0) return claim.startsWith("cannot") ? [`no test: ${proof}`] : [];
  return named.flatMap(([, title = "", path = ""]) => {
    if (!existsSync(path)) return [`${path} is not there`];
    if (title.length < 12) return [`"${title}" would fit too many`];
    return titlesAt(path).some((line) => line.includes(title)) ? [] : [`no "${title}" in ${path}`];
  });
}

/** The points of a page like docs/security-model.md, each with what stands behind its `Shown by`. */
function pointsOf(page: string): Claim[] {
  return [...page.matchAll(/^- ((?:(?!\n\n|\n- )[\s\S])+)/gm)].map(([, text = ""]) => {
    const [claim = "", proof = ""] = text.replace(/\n {2}/g, " ").split(" Shown by ");
    return { claim: `cannot: ${claim}`, proof: proof.replaceAll("](../", "](") };
  });
}

/** What the shell does. */
const EVIDENT = ["A shell with `set -x`"];

const POINTS = pointsOf(readFileSync("docs/security-model.md", "utf8"));

const CLAIMS = claimsOf(readFileSync("SECURITY.md", "utf8"));

describe("SECURITY.md", () => {
  it("has a threat model", () => {
    expect(CLAIMS.length).toBeGreaterThan(20);
    expect(CLAIMS.filter(({ claim }) => claim.startsWith("cannot")).length).toBeGreaterThan(15);
  });

  it.each(CLAIMS)("$claim: names a test by its title", (one) => {
    expect(faultsOf(one)).toEqual([]);
  });
});

describe("docs/security-model.md", () => {
  it("has points", () => expect(POINTS.length).toBeGreaterThan(18));

  it.each(POINTS)("$claim: names a test by its title", (one) => {
    if (EVIDENT.some((text) => one.claim.startsWith(`cannot: ${text}`))) expect(one.proof).toBe("");
    else expect(faultsOf(one)).toEqual([]);
  });
});

describe("the check of it", () => {
  it.each([
    ["a link to anything", "[proof](LICENSE)"],
    ["a title that no test has", '"a test that nobody has written" in [x](test/e2e/verify.test.ts)'],
    ["a title in no test", '"Permission is hereby granted" in [x](LICENSE)'],
    ["a file that is not there", '"runs without a verb" in [x](test/nowhere.test.ts)'],
    ["a word", '"it" in [x](test/e2e/verify.test.ts)'],
  ])("sees %s", (_, proof) => {
    expect(faultsOf({ claim: "cannot", proof })).toHaveLength(1);
  });

  it("takes a title", () => {
    const proof = '"runs without a verb" in [x](test/e2e/verify.test.ts)';
    expect(faultsOf({ claim: "cannot", proof })).toEqual([]);
  });
});
