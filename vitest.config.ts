import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * A suite of its own, run by `npm run test:NAME`; its files may take minutes, on a busy machine many, and run one after
 * the other.
 */
function suite(name: string, include: string[] = [`test/${name}/**/*.test.ts`], fileParallelism = false) {
  return { test: { name, include, testTimeout: 1_800_000, hookTimeout: 1_800_000, fileParallelism } };
}

/** Files that run side by side. */
function manyFiles(name: string, include: string[]) {
  return {
    test: {
      name,
      include,
      // No time limit of a test's own: on a busy machine a healthy one may take long.
      testTimeout: 240_000,
      hookTimeout: 240_000,
      // A process for each of the files would cost as much as their tests. Modules are fresh in each file all the same.
      isolate: false,
      // What is waited for comes late on a busy machine.
      expect: { poll: { timeout: 60_000 } },
      setupFiles: ["test/support/same-surroundings.ts"],
    },
  };
}

export default defineConfig({
  test: {
    // Two thirds of the time a test waits for a program or a server.
    maxWorkers: 3 * availableParallelism(),
    // Each test by name, a skipped one with its reason: a log that is read afterwards needs them.
    reporters: process.env.CI ? ["verbose"] : ["default"],
    projects: [
      manyFiles("fast", ["test/{unit,property,e2e,bundle}/**/*.test.ts"]),
      manyFiles("cases", ["test/cases/**/*.test.ts"]),
      suite("conformance"),
      suite("faults", undefined, true),
      suite("parity"),
      suite("docker"),
      suite("quoting"),
      suite("kill"),
      suite("soak", undefined, true),
      suite("fuzz"),
      suite("nodes"),
      suite("release"),
    ],
  },
});
