import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ALL_CASES } from "./cases/all-cases.js";
import { AFTER_THE_CASES } from "./harness/case.js";

interface Result {
  readonly name: string;
  readonly faults: readonly string[];
  readonly seen?: unknown;
}

/** The harness in a network and mount namespace of its own, where the protocol's real addresses are ours. */
async function runHarness(): Promise<Result[]> {
  const command = [process.execPath, "--import", "tsx", "test/conformance/harness/main.ts"];
  const child = spawn("unshare", ["-rnm", ...command], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (part: Buffer) => {
    text += part.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the harness ended with ${code}`);
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Result);
}

const results = await runHarness();

describe("the credential endpoint, through the built file, on its real addresses", () => {
  it.skipIf(process.env.CONFORMANCE_ONLY !== undefined)("has its whole table", () => {
    const names = [...ALL_CASES.map(({ name }) => name), ...AFTER_THE_CASES];
    expect(results.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(names.length).toBeGreaterThan(500);
  });

  it.each(results)("$name", ({ faults, seen }) => {
    expect(faults, JSON.stringify(seen, undefined, 2)).toEqual([]);
  });
});
