import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const file = (name: string) => folder.at(name);
const ROLE = { AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/ci" };

beforeAll(() => {
  writeFileSync(file("empty"), "");
  writeFileSync(file("broken"), "{");
  writeFileSync(file("no-default"), "[other]\n");
  mkdirSync(file("directory"));
});

const VERBS = [
  ["verify"],
  ["export"],
  ["exec"],
  ["cp", "s3://b/k", "-"],
  ["sync", "s3://b", "x"],
  ["ls", "s3://b"],
  ["cache-key", "s3://b"],
];

function run(verb: readonly string[], args: readonly string[], env: Readonly<Record<string, string>>) {
  const command = verb[0] === "exec" ? ["--", "printf", "went on"] : [];
  return runBuilt([...verb, ...args, ...command], { env, cwd: folder.path });
}

/** What an option names, and is not there. */
const NOT_THERE: readonly [string, string[], Record<string, string>][] = [
  ["--web-identity without its variables", ["--web-identity"], {}],
  ["--web-identity with a role alone", ["--web-identity"], ROLE],
  ["--web-identity with an empty variable", ["--web-identity"], { ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: "" }],
  ["--credentials-file that is missing", ["--credentials-file", file("none")], {}],
  ["--credentials-file in a folder that is missing", ["--credentials-file", file("none/x")], {}],
  ["--credentials-file that is empty", ["--credentials-file", file("empty")], {}],
  ["--credentials-file ''", ["--credentials-file="], {}],
  ["--instance-role where nobody may ask", ["--instance-role"], { AWS_EC2_METADATA_DISABLED: "true" }],
  ["--uri ''", ["--uri="], {}],
  ["a role on top of nothing", ["--role-arn", ROLE.AWS_ROLE_ARN], {}],
];

describe.concurrent.each(NOT_THERE)("%s", (_, args, env) => {
  it.each(VERBS)("lets a build go on with --if-available: %s", async (...verb) => {
    const control = await run(verb, args, env);
    expect(control.code).toBe(253);
    const { code, stdout, stderr } = await run(verb, [...args, "--if-available"], env);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: verb[0] === "exec" ? "went on" : "" });
    if (verb[0] !== "export" && verb[0] !== "exec")
      expect(stderr).toBe(
        `fetch-creds: no credential source is configured, ${verb[0]} does nothing (--if-available)\n`,
      );
  });
});

describe.concurrent("--if-available passes over nothing that is there and cannot be used", () => {
  it.each<[string, string[], Record<string, string>]>([
    ["a token file without a role", ["--web-identity"], { AWS_WEB_IDENTITY_TOKEN_FILE: file("empty") }],
    [
      "a token file that is missing",
      ["--web-identity"],
      { ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file("none") },
    ],
    ["a broken file", ["--credentials-file", file("broken")], {}],
    ["a directory", ["--credentials-file", file("directory")], {}],
    ["a file without that profile", ["--credentials-file", file("no-default")], {}],
    ["a profile that does not exist", ["--profile", "none"], {}],
    ["a URI that is none", ["--uri", "x"], {}],
  ])("%s", async (_, args, env) => {
    for (const verb of [["verify"], ["ls", "s3://b"]]) {
      const { code, stdout, stderr } = await run(verb, [...args, "--if-available"], env);
      expect({ code, stdout, stderr }).toEqual({
        code: 253,
        stdout: "",
        stderr: expect.stringMatching(/^fetch-creds: /),
      });
    }
  });
});
