import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iniValue } from "../../../src/formats/ini-value.js";
import { quoteCmd } from "../../../src/formats/quote-cmd.js";
import { quotePowershell } from "../../../src/formats/quote-powershell.js";
import { hostileValue } from "../../support/hostile-values.js";
import { eachShellSees } from "../../support/shell-values.js";

const SEED = Date.now() % 1_000_000;

describe(`a few hundred hostile values, seed ${SEED}`, () => eachShellSees(300, SEED));

/** A string between single quotes, of which two of any of the five kinds are one; and a sum of such strings and line breaks. */
const STRING = "'(?:[^'\u2018-\u201b]|''|\u2018\u2018|\u2019\u2019|\u201a\u201a|\u201b\u201b)*'";
const TERM = `(?:${STRING}|\\[char\\](?:10|13))`;
const EXPRESSION = new RegExp(`^(?:${STRING}|\\('' \\+ ${TERM}(?: \\+ ${TERM})*\\))$`);

/** PowerShell's reading of our expression; undefined when there is anything in it but these. */
function readPowershell(text: string): string | undefined {
  if (!EXPRESSION.test(text)) return undefined;
  return (text.match(new RegExp(TERM, "g")) ?? [])
    .map((term) =>
      term.startsWith("[")
        ? String.fromCharCode(Number(term.slice("[char]".length)))
        : term.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, "$1"),
    )
    .join("");
}

/** cmd.exe's reading of a line in a batch file: phase 1 halves percent signs, phase 2 takes carets away. */
function readCmd(text: string): string {
  const percents = text.replace(/%%/g, "\0").replace(/%/g, "").replaceAll("\0", "%");
  return percents.replace(/\^([\s\S])/g, "$1");
}

describe("the rules of shells that are not here", () => {
  it("PowerShell: no quote of any kind ends the string early", () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        const quoted = quotePowershell(value);
        expect(quoted).not.toMatch(/[\r\n]/);
        expect(readPowershell(quoted)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    "'a' + $env:HOME + 'b'",
    "('' + 'a'; Remove-Item x; 'b')",
    "'a'b'",
    "'a\u2018b'",
    "('' + [char]36)",
    "'a'\n",
    "",
  ])("PowerShell: %j is none of our expressions", (text) => {
    expect(readPowershell(text)).toBeUndefined();
  });

  it("cmd: nothing that the parser obeys stands bare", () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        const quoted = quoteCmd(value);
        if (/[\u0000-\u001f\u007f]/.test(value)) return quoted === undefined;
        expect(quoted?.replace(/\^[\^&|<>()"]|%%/g, "")).not.toMatch(/[\^&|<>()"%]/);
        expect(readCmd(quoted ?? "")).toBe(value);
        return true;
      }),
      { numRuns: 2000 },
    );
  });

  it("INI: what is written is what both readers give back", () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        const written = iniValue(value);
        if (written === undefined) return;
        // botocore's RawConfigParser, and the JavaScript SDK's parseIni.
        expect(written.trim()).toBe(value);
        expect(written.split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)).toEqual([value]);
        expect(written.split(/(^|\s)[;#]/)[0]?.trim()).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});
