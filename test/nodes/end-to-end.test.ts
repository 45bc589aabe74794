import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { nodeBinary } from "../support/node-binary.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const SUPPORTED = ["20", "22", "24", "26"];

/** `npm test` runs the suite with the Node that runs this. */
const OTHERS = SUPPORTED.filter((major) => !process.version.startsWith(`v${major}.`));

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const PROJECTS = ["--project", "fast", "--project", "cases"];

/** The end-to-end tests with the built file run by `node`; the tests themselves run here. */
async function endToEnd(
  node: string,
  tests: readonly string[],
): Promise<{ code: number | null; report: Report; log: string }> {
  using folder = temporaryFolder();
  const reportFile = folder.at("report.json");
  const vitest = resolve("node_modules/vitest/vitest.mjs");
  const child = spawn(
    process.execPath,
    [vitest, "run", ...PROJECTS, ...tests, "--reporter=json", `--outputFile=${reportFile}`],
    {
      env: { ...process.env, FETCH_CREDS_NODE: node, FETCH_CREDS_FILE: BUILT_FILE },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      log += chunk;
    });
  }
  const code = await new Promise<number | null>((settle) => child.once("close", settle));
  return { code, report: JSON.parse(readFileSync(reportFile, "utf8")), log };
}

/** What failed, with the assertion, for the log of the outer run. */
function failuresIn(report: Report): string[] {
  return report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    if (assertionResults.length === 0 && message) return [`${name}: ${message}`];
    return failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join("\n")}`);
  });
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(folder, name));
}

/** All end-to-end tests, and a share of the further cases: each file of them runs with one of the other Nodes. */
function filesFor(node: number): string[] {
  return [
    ...filesIn("test/e2e"),
    ...filesIn("test/cases").filter((_, index) => index % OTHERS.length === node),
  ];
}

describe("the end-to-end suite", () => {
  it.each(OTHERS)("passes on Node %s", async (major) => {
    const files = filesFor(OTHERS.indexOf(major));
    const { path, version } = await nodeBinary(major);
    expect(version).toMatch(new RegExp(`^v${major}\\.`));
    const { code, report, log } = await endToEnd(path, files);
    expect(failuresIn(report)).toEqual([]);
    expect(code, log).toBe(0);
    expect(report.testResults.length).toBe(files.length);
    // Those that a machine cannot run; each says why.
    expect(report.numPendingTests).toBeLessThan(report.numPassedTests / 20);
    expect(report.numPassedTests).toBeGreaterThan(800);
    console.log(
      `${version}: ${report.numPassedTests} end-to-end tests passed, ${report.numPendingTests} skipped`,
    );
  });

  it("is run by the Node that is given: with none it fails", async () => {
    const { report } = await endToEnd("/no/such/node", ["test/e2e/region.test.ts"]);
    expect(report.numPassedTests).toBe(0);
    expect(report.numFailedTests).toBeGreaterThan(0);
  });
});
