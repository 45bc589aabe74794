/**
 * `npm run mutants -- hollow [SUITE…] [PRODUCT…] [--seed N]`: runs the suites with products that do nothing in place of the
 * built file, and says which tests pass all the same. Exit 1 when one passes that scripts/mutants/explained-passes.txt does
 * not explain.
 *
 * `npm run mutants [-- --count N --seed N --only PATH --e2e]`: makes small changes to the source, one at a time, and says which of them
 * no fast test notices; with `--e2e` such a one is also built and given to the end-to-end tests.
 */
import { parseArgs } from "node:util";
import { runHollow } from "./mutants/hollow.js";
import { runMutants } from "./mutants/mutation-run.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(Date.now() % 100_000) },
    count: { type: "string", default: "60" },
    only: { type: "string", default: "" },
    e2e: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);

if (positionals[0] === "hollow") process.exitCode = runHollow(positionals.slice(1), seed) ? 0 : 1;
else runMutants(Number(values.count), seed, values.only, values.e2e);
