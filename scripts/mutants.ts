/**
 * `npm run mutants -- hollow [SUITE…] [PRODUCT…] [--seed N]`: runs the suites with products that do nothing in place of the
 * built file, and says which tests pass all the same. Exit 1 when one passes that scripts/mutants/explained-passes.txt does
 * not explain.
 *
 * `npm run mutants [-- --only PATH --count N --seed N --e2e]`: makes small changes to the source, one at a time, and says
 * which of them no unit or property test notices, nor, with `--e2e`, an end-to-end test. Exit 1 when one survives that
 * scripts/mutants/equivalent.txt does not explain.
 */
import { parseArgs } from "node:util";
import { runHollow } from "./mutants/hollow.js";
import { runMutants } from "./mutants/mutation-run.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(Date.now() % 100_000) },
    count: { type: "string", default: "Infinity" },
    only: { type: "string", default: "" },
    e2e: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);

const isClean =
  positionals[0] === "hollow"
    ? runHollow(positionals.slice(1), seed)
    : await runMutants({ only: values.only, count: Number(values.count), seed, endToEnd: values.e2e });
process.exitCode = isClean ? 0 : 1;
