import { appendFileSync } from "node:fs";
import type { Reporter, TestCase } from "vitest/node";

/** What became of one test. `started` and `ended` are milliseconds since the epoch. */
export interface TestResult {
  readonly file: string;
  readonly title: string;
  readonly state: string;
  /** It failed because it did not end, which says little of the product. */
  readonly timedOut: boolean;
  readonly started: number;
  readonly ended: number;
}

/** Writes one line of JSON a test to the file that HOLLOW_RESULTS names, so that a run that is stopped leaves what it knew. */
export default class ResultsReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const diagnostic = test.diagnostic();
    const { state, errors = [] } = test.result();
    const started = diagnostic?.startTime ?? 0;
    const result: TestResult = {
      file: test.module.relativeModuleId,
      title: test.fullName,
      state,
      timedOut: errors.some(({ message }) => /^(?:Test|Hook) timed out in /.test(message)),
      started,
      ended: started + (diagnostic?.duration ?? 0),
    };
    appendFileSync(process.env.HOLLOW_RESULTS ?? "/dev/stdout", `${JSON.stringify(result)}\n`);
  }
}
