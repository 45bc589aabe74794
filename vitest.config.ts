import { defineConfig } from "vitest/config";

/** A suite of its own, run by `npm run test:NAME`; its files may take minutes and run one after the other. */
function suite(name: string, include: string[] = [`test/${name}/**/*.test.ts`], fileParallelism = false) {
  return { test: { name, include, testTimeout: 300_000, hookTimeout: 600_000, fileParallelism } };
}

export default defineConfig({
  test: {
    maxWorkers: "100%",
    // Each test by name, a skipped one with its reason: a log that is read afterwards needs them.
    reporters: process.env.CI ? ["verbose"] : ["default"],
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/{unit,property,e2e,bundle}/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
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
