import fc from "fast-check";
import { expect, it } from "vitest";
import { concealed, learnSecrets } from "../../src/output/concealed.js";
import { parseDuration } from "../../src/output/duration.js";
import { printable } from "../../src/output/printable.js";
import { checkedExit, checkedParse } from "../support/argument-checks.js";
import { ALL_VERBS, randomArguments } from "../support/random-arguments.js";

/** A tenth of the suite's time for each kind. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 40) / 10;
const forAWhile = { numRuns: 100_000_000, interruptAfterTimeLimit: SECONDS * 1000 };
const limit = { timeout: SECONDS * 1000 + 120_000 };

it("a command line parses, or is refused in one line", limit, () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL_VERBS), randomArguments, (verb, args) => checkedParse(verb, args)),
    forAWhile,
  );
});

it("a command line runs to an exit code of ours", limit, async () => {
  await fc.assert(
    fc.asyncProperty(randomArguments, (args) => checkedExit(args)),
    forAWhile,
  );
});

it("a text is shown safely", limit, () => {
  learnSecrets("a secret that was learnt");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = printable(concealed(`${text}a secret that was learnt${text}`));
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(shown).not.toContain("a secret that was learnt");
    }),
    forAWhile,
  );
});

it("a text is a duration or not", limit, () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.smhd]{0,12}$/)), (text) => {
      const ms = parseDuration(text);
      expect(ms === undefined || (ms >= 0 && !Number.isNaN(ms))).toBe(true);
    }),
    forAWhile,
  );
});
