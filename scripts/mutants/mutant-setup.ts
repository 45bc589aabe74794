/**
 * In the copy that a mutation run makes, before each file of tests: makes the change that MUTANT names; REACHED names a file
 * that is told which test took how many milliseconds and came by which changes.
 */
import { appendFileSync } from "node:fs";
import { afterAll, afterEach, beforeEach, expect } from "vitest";

const { MUTANT, REACHED } = process.env;
/** What is reached outside the tests: while modules are loaded. */
const loading = new Set<number>();
const running = new Map<string, { reached: Set<number>; since: number }>();

Object.assign(globalThis, {
  $mutant(number: number): boolean {
    if (running.size === 0) loading.add(number);
    for (const { reached } of running.values()) reached.add(number);
    return number === Number(MUTANT);
  },
});

if (REACHED !== undefined) {
  const note = (noted: object) => appendFileSync(REACHED, `${JSON.stringify(noted)}\n`);
  beforeEach(({ task }) => void running.set(task.id, { reached: new Set(), since: Date.now() }));
  afterEach(({ task }) => {
    const test = running.get(task.id);
    running.delete(task.id);
    const { filepath: file } = task.file;
    note({ file, test: task.id, ms: Date.now() - (test?.since ?? 0), reached: [...(test?.reached ?? [])] });
  });
  afterAll(() => note({ file: expect.getState().testPath, ms: 0, reached: [...loading] }));
}
