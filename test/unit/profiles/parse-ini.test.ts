import { describe, expect, it } from "vitest";
import { concealed } from "../../../src/output/concealed.js";
import { IniFault, parseIni } from "../../../src/profiles/parse-ini.js";

/** Sections as objects; nested settings as objects below them. */
const read = (text: string) =>
  Object.fromEntries(
    [...parseIni(text)].map(([name, section]) => [
      name,
      Object.fromEntries(
        [...section].map(([setting, { text: value, nested }]) => [
          setting,
          nested === undefined ? value : Object.fromEntries(nested),
        ]),
      ),
    ]),
  );

describe("a file of profiles", () => {
  it.each<[string, string, unknown]>([
    ["both delimiters", "[a]\nb = 1\nc: 2\nd=e:f\ng:h=i", { a: { b: "1", c: "2", d: "e:f", g: "h=i" } }],
    ["names in any case, sections in theirs", "[A]\nREGION = X", { A: { region: "X" } }],
    ["white space around names", "[a]\n  b \t=\t c ", { a: { b: "c" } }],
    ["a name with spaces", "[a]\nb c = d", { a: { "b c": "d" } }],
    ["indented sections and names", "  [a]\n    b = 1\n  c = 2", { a: { b: "1", c: "2" } }],
    ["the spaces of a section's name", "[ a ]\nb = 1", { " a ": { b: "1" } }],
    ["what follows a section's name", "[a] # b\nc = 1", { a: { c: "1" } }],
    ["the last bracket as a section's end", "[a] # [b]\nc = 1", { "a] # [b": { c: "1" } }],
    ["comments as lines alone", "# x\n[a]\n ; y\nb = 1\n#c = 2", { a: { b: "1" } }],
    ["comments in a line as its value", "[a]\nb = 1 # c ; d", { a: { b: "1 # c ; d" } }],
    ["quotes as the value's own", "[a]\nb = \"x\"\nc = 'y'", { a: { b: '"x"', c: "'y'" } }],
    [
      "percent signs and dollars as they are",
      "[a]\nb = %(c)s %\nc = $HOME",
      { a: { b: "%(c)s %", c: "$HOME" } },
    ],
    ["an empty value", "[a]\nb =\nc =  ", { a: { b: "", c: "" } }],
    ["a line that goes on", "[a]\nb = 1\n  2\nc = 3", { a: { b: "1\n2", c: "3" } }],
    ["one that goes on after a comment and an empty line", "[a]\nb = 1\n# x\n\n  2", { a: { b: "1\n\n2" } }],
    [
      "nested settings, in their own case",
      "[a]\ns3 =\n  B = 1\n  c=2=3",
      { a: { s3: { B: "1", c: "2=3" } } },
    ],
    [
      "nested settings with comments",
      "[a]\ns3 =\n  # x\n  b = 1 # y\n\n  c = 2",
      { a: { s3: { b: "1 # y", c: "2" } } },
    ],
    ["no nesting in nested settings", "[a]\ns3 =\n  b =\n    c = 1", { a: { s3: { b: "", c: "1" } } }],
    ["the later of two nested settings", "[a]\ns3 =\n  b = 1\n  b = 2", { a: { s3: { b: "2" } } }],
    ["an indented setting after a section", "[a]\n  b =\n  c = 1", { a: { b: "", c: "1" } }],
    [
      "an indented setting after a section that follows another",
      "[a]\nb = 1\n[c]\n  d = 2",
      { a: { b: "1" }, c: { d: "2" } },
    ],
    ["a nested setting without a name", "[a]\ns3 =\n  = 1", { a: { s3: { "": "1" } } }],
    ["CRLF, and CR alone", "[a]\r\nb = 1\rc = 2\r\n", { a: { b: "1", c: "2" } }],
    ["[DEFAULT] in each section", "[DEFAULT]\nb = 1\n[a]\n[c]\nb = 2", { a: { b: "1" }, c: { b: "2" } }],
    ["[default] as any other", "[default]\nb = 1\n[a]", { default: { b: "1" }, a: {} }],
    ["other white space than JavaScript's", "[a]\n\x1fb\x85=\u00a0\ufeff", { a: { b: "\ufeff" } }],
    ["no line's end at U+2028", "[a]\nb = 1\u20282", { a: { b: "1\u20282" } }],
    ["but one in nested settings", "[a]\nb =\n  c = 1\u2028d = 2", { a: { b: { c: "1", d: "2" } } }],
    ["nothing", "", {}],
  ])("has %s", (_what, text, expected) => expect(read(text)).toEqual(expected));

  it.each<[string, string, number, RegExp]>([
    ["a setting before the first section", "# x\nb = 1", 2, /\[SECTION\] before/],
    ["a byte order mark", "\ufeff[a]", 1, /byte order mark/],
    ["a section twice", "[a]\nb = 1\n[c]\n[a]", 4, /section is there already, from line 1/],
    ["a setting twice", "[a]\nb = 1\n\nB: 2", 4, /setting is there already, in line 2/],
    ["a setting of [DEFAULT] twice", "[DEFAULT]\nb = 1\n[DEFAULT]\nb = 1", 4, /in line 2/],
    ["a line without a delimiter", "[a]\nb\nc = 1\nd", 2, /NAME = VALUE/],
    ["a line without a name", "[a]\n= 1", 2, /NAME = VALUE/],
    ["two of them", "[a]\n= 1\n= 2", 3, /setting is there already, in line 2/],
    ["a section that is indented below one", "[a]\n= 1\n  [a]", 3, /section is there already, from line 1/],
    ["a section without a name", "[a]\n[]", 2, /NAME = VALUE/],
    ["a nested line without =", "[a]\ns3 =\n  b = 1\n  c: 2", 4, /nested/],
    ["a line that goes on below an empty setting", "[a]\nb =\n\n  secret", 4, /nested/],
  ])("is refused for %s, by its line, and without its words", (_what, text, line, words) => {
    const fault = (() => {
      try {
        return parseIni(text);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toBeInstanceOf(IniFault);
    expect(fault).toMatchObject({ line, message: expect.stringMatching(words) });
    expect((fault as Error).message).not.toContain("secret");
  });

  it("conceals a line that goes on, and the value in it: a setting that was indented may be a secret", () => {
    const lines = ["a-second-line-of-it", "aws_secret_access_key = wrongly-indented"];
    read(`[a]\nb = first-line-of-it\n  ${lines.join("\n  ")}\n`);
    expect(concealed(`first-line-of-it ${lines.join(" ")}`)).toBe("first-line-of-it *** ***");
    expect(concealed("x wrongly-indented y")).toBe("x *** y");
  });
});
