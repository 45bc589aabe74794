import fc from "fast-check";
import { it } from "vitest";
import { checkedExit, checkedParse } from "../support/argument-checks.js";
import { commandLines, verbAndArguments } from "../support/random-arguments.js";
import { Share } from "../support/share.js";

/** A fifth of the suite's time for each kind. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 40) / 5;
const forAWhile = { numRuns: 100_000_000, interruptAfterTimeLimit: SECONDS * 1000 };
const limit = { timeout: SECONDS * 1000 + 120_000 };

it("a command line parses, or is refused in one line", limit, () => {
  const parsed = new Share();
  fc.assert(
    fc.property(verbAndArguments, ([verb, args]) => void parsed.count(checkedParse(verb, args))),
    forAWhile,
  );
  console.log(`command lines: ${parsed}`);
  parsed.expectAtLeast(0.12, 0.8);
});

it("a command line runs to an exit code of ours", limit, async () => {
  const run = new Share();
  const good = new Share();
  await fc.assert(
    fc.asyncProperty(commandLines, async (args) => {
      const code = await checkedExit(args);
      if (run.count(code !== undefined)) good.count(code !== 252);
    }),
    forAWhile,
  );
  console.log(`command lines: ${run} to be run, of these ${good}`);
  run.expectAtLeast(0.2);
  good.expectAtLeast(0.1, 0.9);
});
