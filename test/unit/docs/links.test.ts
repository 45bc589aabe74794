import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const FILES = [
  ...readdirSync(".").filter((name) => name.endsWith(".md")),
  ...["docs", "bench", "test", ".github"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
];

/** As GitHub makes an anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function anchors(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    anchor(heading),
  );
}

/**
 * Every target in a page, of links and images: `[x](target)`, `[x](target "title")`, `[x](<target>)`, `[x]: target`, and
 * the attributes of HTML.
 */
function targets(markdown: string): string[] {
  const text = markdown.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]+`/g, "`code`");
  return [
    ...text.matchAll(/\]\(\s*(?:<([^>]*)>|([^)\s]+))(?:\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)/g),
    ...text.matchAll(/^ {0,3}\[[^\]]+\]:\s*(?:<([^>]*)>|(\S+))/gm),
    ...text.matchAll(/\b(?:href|src)=(?:"([^"]*)"|'([^']*)')/g),
  ].map(([, one, other]) => one ?? other ?? "");
}

/** Those that lead nowhere. Of other sites nothing is known here. */
function broken(file: string, markdown: string): string[] {
  return targets(markdown).filter((link) => {
    if (/^(?:https?|mailto):/.test(link)) return false;
    const [path = "", fragment] = link.split("#");
    const target = path === "" ? file : join(dirname(file), decodeURI(path));
    if (!existsSync(target)) return true;
    return fragment !== undefined && target.endsWith(".md") && !anchors(target).includes(fragment);
  });
}

describe("every link inside the project leads somewhere", () => {
  it.each(FILES)("in %s", (file) => {
    expect(broken(file, readFileSync(file, "utf8"))).toEqual([]);
  });

  it("and there are some", () => {
    expect(FILES.length).toBeGreaterThan(20);
    expect(targets(readFileSync("README.md", "utf8")).length).toBeGreaterThan(10);
  });
});

describe("the check of it", () => {
  it.each([
    "[x](missing.md)",
    '[x](missing.md "t")',
    "[x](missing.md 't')",
    "[x](<missing.md>)",
    "![x](images/missing.svg)",
    "[x]: missing.md",
    '<img src="missing.svg">',
    "<a href='missing.md'>x</a>",
    "[x](README.md#no-such-heading)",
    "[x](#no-such-heading)",
  ])("sees %s", (markdown) => {
    expect(broken("README.md", markdown)).toHaveLength(1);
  });

  it.each([
    "[x](LICENSE)",
    '[x](SECURITY.md "t")',
    "[x]: README.md#what-it-does",
    "[x](https://a.example/b)",
  ])("takes %s", (markdown) => {
    expect(targets(markdown)).toHaveLength(1);
    expect(broken("README.md", markdown)).toEqual([]);
  });
});
