import fc from "fast-check";
import { it } from "vitest";
import {
  checkQuestions,
  checkRun,
  checkServerError,
  checkTranslations,
} from "../support/error-translations.js";
import { thrownValue } from "../support/thrown-values.js";

/** A quarter of the suite's time for each kind. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 40) / 4;
const forAWhile = { numRuns: 100_000_000, interruptAfterTimeLimit: SECONDS * 1000 };
const limit = { timeout: SECONDS * 1000 + 120_000 };

it("whatever is thrown is said in one line", limit, async () => {
  await fc.assert(fc.asyncProperty(thrownValue, checkTranslations), forAWhile);
});

it("whatever is thrown can be asked about", limit, () => {
  fc.assert(fc.property(thrownValue, checkQuestions), forAWhile);
});

it("whatever reaches the end of a run is said in one line", limit, async () => {
  await fc.assert(fc.asyncProperty(thrownValue, checkRun), forAWhile);
});

it("whatever S3 answers is said as its error", limit, async () => {
  const words = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("constructor", "__proto__", "SlowDown", "&#0;", "<![CDATA[x]]>", "<Code>"),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 599 }), words, words, checkServerError),
    forAWhile,
  );
});
