import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NO_EFFECT_GROUP } from "../../../src/cli/aws-cli-options.js";
import { Invocation } from "../../../src/cli/invocation.js";
import { ALL_VERBS } from "../../support/all-verbs.js";
import { importGraph } from "../../support/bundle/import-graph.js";

/** `GENERAL_GROUP`, which src/cli/run.ts reads before there is an invocation. */
const READ_AS_WORDS = /hasFlag\(this\.words, "([\w-]+)"\)/g;

/** A call that takes an option by its name: `invocation.flag("x")`, `numberOption(invocation, "x", …)`. */
const READ = /(?:\.(?:flag|values?|isOn)\(|Option\(\s*invocation,|filled\(|durationOption\()\s*"([\w-]+)"/g;

/** Where names stand in a list, or are put together, what the list is for. */
const LISTED: readonly (readonly [file: string, pattern: RegExp])[] = [
  ["src/commands/options/customer-key.ts", /name: "(sse-c)" \| "(sse-c-copy-source)"/g],
  ["src/commands/options/customer-key.ts", /`\$\{name\}(-key)`/g],
  ["src/commands/options/filters.ts", /name === "(exclude|include)"/g],
];

const sources = new Map(importGraph("src").files.map((file) => [file, readFileSync(file, "utf8")]));

const found = [...sources.values()].flatMap((text) =>
  [...text.matchAll(READ), ...text.matchAll(READ_AS_WORDS)].map(([, name]) => name),
);
const listed = LISTED.flatMap(([file, pattern]) =>
  [...(sources.get(file) ?? "").matchAll(pattern)].flatMap((match) => match.slice(1)),
);
const names = new Set([...found, ...listed]);

describe("an option of the table", () => {
  const options = [
    ...new Set(
      ALL_VERBS.flatMap(({ groups }) => groups.flatMap((group) => group.options.map(({ name }) => name))),
    ),
  ];

  const withoutEffect: readonly string[] = NO_EFFECT_GROUP.options.map(({ name }) => name);

  it.each(options.filter((name) => !withoutEffect.includes(name)))("--%s is read by some code", (name) => {
    const read = names.has(name) || names.has(name.replace(/^no-/, ""));
    const composed = names.has("-key") && names.has(name.replace(/-key$/, ""));
    expect(read || (name.endsWith("-key") && composed)).toBe(true);
  });

  it("is the only thing that code can read: another name does not compile", () => {
    const invocation = new Invocation("cp", [{ name: "recursive" }], []);
    expect(invocation.flag("recursive")).toBe(true);
    // @ts-expect-error no such option
    expect(invocation.flag("recursiv")).toBe(false);
    // @ts-expect-error a flag, which has no value
    expect(invocation.value("recursive")).toBeUndefined();
    // @ts-expect-error there is no --no-recursive
    expect(invocation.isOn("recursive")).toBe(true);
  });

  it.each([
    [[], true],
    [["progress"], true],
    [["no-progress"], false],
    [["no-progress", "progress"], true],
    [["progress", "no-progress"], false],
  ])("of --NAME and --no-NAME the last one decides: %j", (given, on) => {
    const invocation = new Invocation(
      "cp",
      given.map((name) => ({ name })),
      [],
    );
    expect(invocation.isOn("progress")).toBe(on);
  });
});
