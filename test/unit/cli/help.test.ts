import { describe, expect, it } from "vitest";
import { helpFor, mainHelp, verbHelp } from "../../../src/cli/help.js";
import { commandLines, helpColumns } from "../../../src/cli/help-layout.js";
import { VERBS } from "../../../src/cli/verbs.js";
import { ALL_VERBS, tableOf } from "../../support/all-verbs.js";
import { testContext } from "../../support/test-context.js";

const WIDTHS = Array.from({ length: 181 }, (_, index) => index + 20);

const textsAt = (width: number) => [
  mainHelp(VERBS, width),
  ...ALL_VERBS.map((verb) => verbHelp(verb, width)),
];

/** Without what a break adds or takes: white space, and the `\` of a command that goes on. */
const withoutBreaks = (text: string) => text.replaceAll(/\\\n/g, "").replaceAll(/\s/g, "");

/** Of a text or, with its quotes, of a shell; what goes on behind it may be told. */
const ONE_WORD = /^(?:"[^"]*"|'[^']*'|[^\s"'])+(?: \\)?$/;

describe("help", () => {
  const WHOLE = textsAt(1000).map(withoutBreaks);

  it.each(WIDTHS)("of every command fits %d columns, save single words, and lacks nothing", (width) => {
    const texts = textsAt(width);
    for (const line of texts.flatMap((text) => text.split("\n")))
      if (line.length > width) expect(line).toMatch(ONE_WORD);
    expect(texts.map(withoutBreaks)).toEqual(WHOLE);
  });

  it("is wider on a wide terminal", () => {
    const longest = (width: number) =>
      Math.max(
        ...verbHelp(tableOf("cp"), width)
          .split("\n")
          .map(({ length }) => length),
      );
    const [narrow = 0, usual = 0, wide = 0] = [60, 80, 100].map(longest);
    expect(narrow).toBeLessThan(usual);
    expect(usual).toBeLessThan(wide);
  });

  it.each(ALL_VERBS.map(({ name }) => name))("of %s has an example for a shell", (name) => {
    const verb = tableOf(name);
    const [, examples = ""] = verbHelp(verb, 200).match(/^In a shell:\n((?: {2}.*\n)+)/m) ?? [];
    expect(examples).toContain(`node fetch-creds.js ${name}`);
    expect(verb.examples.join("\n")).not.toMatch(/^RUN/m);
  });

  it.each(ALL_VERBS.filter(({ steps }) => steps !== undefined).map(({ name }) => name))(
    "of %s has a line for a Dockerfile, with the address mounted",
    (name) => {
      expect(verbHelp(tableOf(name), 200)).toMatch(
        /^In a Dockerfile:\n {2}RUN --mount=type=secret,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI .*node \/fetch-creds\.js/m,
      );
    },
  );
});

describe("a command line in help", () => {
  it.each(WIDTHS)("can be pasted as it stands at %d columns", (width) => {
    const line = `eval "$(node fetch-creds.js export)" && aws s3 ls 's3://my bucket' --recursive`;
    const shown = commandLines([line], width);
    expect(shown.replaceAll(/ \\\n\s*/g, " ").trim()).toBe(line);
    expect(shown).not.toMatch(/[^ \\]\n/);
  });

  it("is broken between its parts first", () => {
    expect(commandLines(["RUN --mount=type=secret,id=ID", "node /fetch-creds.js ls"], 40)).toBe(
      "  RUN --mount=type=secret,id=ID \\\n      node /fetch-creds.js ls",
    );
  });
});

describe("the width of help", () => {
  it.each([
    { COLUMNS: undefined, terminal: undefined, width: 80 },
    { COLUMNS: undefined, terminal: 0, width: 80 },
    { COLUMNS: undefined, terminal: 40, width: 40 },
    { COLUMNS: undefined, terminal: 250, width: 100 },
    { COLUMNS: "50", terminal: 90, width: 50 },
    { COLUMNS: "50", terminal: undefined, width: 50 },
    { COLUMNS: "0", terminal: 90, width: 90 },
    { COLUMNS: "", terminal: 90, width: 90 },
    { COLUMNS: "-3", terminal: 90, width: 90 },
    { COLUMNS: "wide", terminal: undefined, width: 80 },
  ])("with COLUMNS $COLUMNS on a terminal of $terminal is $width", ({ COLUMNS, terminal, width }) => {
    expect(helpColumns(COLUMNS, terminal)).toBe(width);
    const context = testContext({ ...(COLUMNS === undefined ? {} : { COLUMNS }) });
    Object.assign(context.stdout, { columns: terminal });
    expect(helpFor(tableOf("cp"), context)).toBe(verbHelp(tableOf("cp"), width));
    expect(helpFor(VERBS, context)).toBe(mainHelp(VERBS, width));
  });
});
