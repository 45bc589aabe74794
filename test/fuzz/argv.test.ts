import fc from "fast-check";
import { expect, it } from "vitest";
import { concealed, learnSecrets } from "../../src/output/concealed.js";
import { parseDuration } from "../../src/output/duration.js";
import { printable } from "../../src/output/printable.js";
import { checkedExit, checkedParse } from "../support/argument-checks.js";
import { ALL_VERBS, randomArguments } from "../support/random-arguments.js";

/** Of each kind; 1,000,000 in a long run. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 20_000);

it(`${numRuns} command lines parse, or are refused in one line`, () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL_VERBS), randomArguments, (verb, args) => checkedParse(verb, args)),
    { numRuns },
  );
});

it(`${Math.ceil(numRuns / 10)} command lines run to an exit code of ours`, async () => {
  await fc.assert(
    fc.asyncProperty(randomArguments, (args) => checkedExit(args)),
    { numRuns: Math.ceil(numRuns / 10) },
  );
});

it(`${numRuns} texts are shown safely`, () => {
  learnSecrets("a secret that was learnt");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = printable(concealed(`${text}a secret that was learnt${text}`));
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(shown).not.toContain("a secret that was learnt");
    }),
    { numRuns },
  );
});

it(`${numRuns} texts are durations or not`, () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.smhd]{0,12}$/)), (text) => {
      const ms = parseDuration(text);
      expect(ms === undefined || (ms >= 0 && !Number.isNaN(ms))).toBe(true);
    }),
    { numRuns },
  );
});
