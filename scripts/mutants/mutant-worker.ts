import { createVitest } from "vitest/node";

/** What the parent asks: the number of a change, and the tests to run with it; whole files where `tests` is empty. */
export interface Order {
  readonly mutant: number;
  readonly files: readonly { readonly file: string; readonly tests: readonly string[] }[];
}

class AsOrdered {
  sort = <T>(files: T) => files;
  shard = <T>(files: T) => files;
}

const vitest = await createVitest("test", {
  watch: false,
  project: ["fast"],
  reporters: [{ onTestCaseResult: () => void process.send?.("a test has ended") }],
  bail: 1,
  maxWorkers: 1,
  testTimeout: 10_000,
  expect: { poll: { timeout: 5_000 } },
  sequence: { sequencer: AsOrdered },
});
await vitest.standalone();
const specifications = new Map((await vitest.globTestSpecifications()).map((each) => [each.moduleId, each]));

/** Answers each order with whether all tests passed. */
process.on("message", async ({ mutant, files }: Order) => {
  process.env.MUTANT = String(mutant);
  const chosen = files.flatMap(({ file, tests }) => {
    const whole = specifications.get(file);
    if (whole === undefined || tests.length === 0) return whole ?? [];
    return whole.project.createSpecification(whole.moduleId, { testIds: [...tests] });
  });
  vitest.state.clearErrors();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(chosen);
  // Those of earlier orders are still among them.
  const own = testModules.filter(({ moduleId }) => files.some(({ file }) => file === moduleId));
  process.send?.(own.every((module) => module.ok()) && unhandledErrors.length === 0);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
