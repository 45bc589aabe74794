import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { HEADER } from "../../../build/header.mjs";
import { Run } from "../../../src/cli/run.js";
import { FORMATS } from "../../../src/formats/formats.js";
import { STANDARD_OUTPUT } from "../../../src/output/standard-output.js";
import { testContext } from "../../support/test-context.js";

/** What the header prints on a Node that is too old, and its exit code. */
function onOldNode(argv: readonly string[]): { stdout: string; stderr: string; codes: number[] } {
  const [stdout, stderr, codes]: [string[], string[], number[]] = [[], [], []];
  const exit = (code: number) => {
    codes.push(code);
    throw new Error("exit");
  };
  const world = {
    process: { versions: { node: "12.22.12" }, version: "v12.22.12", argv: ["node", "f", ...argv], exit },
    console: {
      log: (line: string) => stdout.push(`${line}\n`),
      error: (line: string) => stderr.push(`${line}\n`),
    },
  };
  expect(() => runInNewContext(HEADER.replace(/^#!.*/, ""), world)).toThrow("exit");
  return { stdout: stdout.join(""), stderr: stderr.join(""), codes };
}

/** What a Node that is new enough prints where there is no source of credentials. */
async function onNewNode(argv: readonly string[]): Promise<string> {
  const context = testContext();
  await new Run(argv, context).toItsEnd();
  return context.stdout.text;
}

describe("on a Node that is too old", () => {
  it("one line says which is needed, and how to have it", () => {
    expect(onOldNode(["verify"])).toEqual({
      stdout: "",
      stderr:
        "fetch-creds: needs Node.js 20.19 or newer, this is v12.22.12. Run it in a stage FROM node:22-slim, and COPY --from= the files; on CodeBuild's host, choose Node with runtime-versions\n",
      codes: [255],
    });
  });

  it.each([
    ["export"],
    ...FORMATS.map(({ name }) => ["export", "--format", name]),
    ...FORMATS.map(({ name }) => ["export", `--format=${name}`]),
    ["--format", "fish", "export"],
    ["export", "--format", "process", "--format", "env"],
    ["export", "--format", "constructor"],
    ["export", "--format", ""],
    ...STANDARD_OUTPUT.map((name) => ["export", "--output", name]),
    ["export", "--output=/dev/fd/1", "--format=powershell"],
    ["export", "--output", ""],
    ["export", "--output", "/nowhere/keys"],
    ["export", "--output", "/nowhere/keys", "--output", "-"],
    ["export", "--output", "-", "--output", "/nowhere/keys"],
    ["exec", "--", "export"],
    ["verify", "--profile", "export"],
  ])("%j prints what evaluating it must print, as on a newer one", async (...argv) => {
    expect(onOldNode(argv).stdout).toBe(await onNewNode(argv));
  });

  it("the rule is awake: export prints a line that fails", () => {
    expect(onOldNode(["export"]).stdout).toBe("false\n");
    expect(onOldNode(["export", "--format", "powershell"]).stdout).toContain("throw");
  });
});
