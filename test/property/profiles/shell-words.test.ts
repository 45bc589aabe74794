import fc from "fast-check";
import { expect, it } from "vitest";
import { shellWords, UnsplittableCommand } from "../../../src/profiles/shell-words.js";
import { Share } from "../../support/share.js";

const RUNS = { numRuns: 2000 };

/** What words are made of, and what splitting is about. */
const word = fc
  .array(fc.constantFrom("a", "'", '"', "\\", " ", "\t", "\n", "#", "$", "\u00e9", "\u00a0"), {
    maxLength: 8,
  })
  .map((characters) => characters.join(""));

/** As `shlex.quote` does it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`;
const doubleQuoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const escaped = (text: string) => (text === "" ? "''" : text.replace(/./gsu, "\\$&"));

it("gives back the words that were quoted, however they were", () => {
  const each = fc.tuple(word, fc.constantFrom(quoted, doubleQuoted, escaped));
  const spaces = fc.constantFrom(" ", "\t", "\n", "  ");
  fc.assert(
    fc.property(fc.array(each, { maxLength: 6 }), spaces, (words, space) => {
      const command = words.map(([text, quote]) => quote(text)).join(space);
      expect(shellWords(command)).toEqual(words.map(([text]) => text));
    }),
    RUNS,
  );
});

it("takes a word in several forms as one", () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(shellWords(quoted(a) + doubleQuoted(b) + quoted(c))).toEqual([a + b + c]);
    }),
    RUNS,
  );
});

it("throws nothing else than that a command cannot be split", () => {
  const split = new Share();
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (parts) => {
      try {
        shellWords(parts.join(""));
        split.count(true);
      } catch (error) {
        split.count(false);
        expect(error).toBeInstanceOf(UnsplittableCommand);
      }
    }),
    RUNS,
  );
  split.expectAtLeast(0.2, 0.8);
});
