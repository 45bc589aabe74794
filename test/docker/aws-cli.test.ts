import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { OBJECTS } from "../support/docker/objects.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { CODEBUILD, description, inForky } from "./suite.js";

const AWS = "/usr/bin/aws";
const SETTINGS = OBJECTS["app/settings.json"]?.toString();
const ENDPOINT = ["--endpoint-url", description.s3];

/** An environment without keys, profile or endpoint of this machine's. */
function cleanEnvironment(home: string): Record<string, string | undefined> {
  const inherited = Object.keys(process.env).filter((name) => name.startsWith("AWS_"));
  const none = Object.fromEntries(inherited.map((name) => [name, undefined]));
  return { ...none, HOME: home, AWS_DEFAULT_REGION: "us-east-1", AWS_EC2_METADATA_DISABLED: "true" };
}

describe("the AWS CLI", () => {
  it("reads credential_process = node fetch-creds.js export --format process", async () => {
    using home = temporaryFolder();
    const process_ = `"${process.execPath}" "${BUILT_FILE}" export --format process`;
    const uri = `--uri ${description.relativeUri}`;
    writeFileSync(home.at("config"), `[default]\ncredential_process = ${process_} ${uri}\n`);
    const env = { ...cleanEnvironment(home.path), AWS_CONFIG_FILE: home.at("config") };
    const list = await inForky([AWS, "configure", "list"], { env });
    expect(list.stdout, list.output).toMatch(/access_key\s*:\s*\S+\s*:\s*custom-process/);
    const cp = await inForky([AWS, ...ENDPOINT, "s3", "cp", "s3://my-bucket/app/settings.json", "-"], {
      env,
    });
    expect(cp.code, cp.output).toBe(0);
    expect(cp.stdout).toBe(SETTINGS);
    const denied = await inForky(
      [AWS, ...ENDPOINT, "s3", "cp", "s3://someone-elses-bucket/report.txt", "-"],
      {
        env,
      },
    );
    expect(denied.output).toContain("Forbidden");
  });

  it.each([
    ["exec", []],
    ["exec --refreshable", ["--refreshable"]],
  ])("gets the role from %s", async (_, options) => {
    using home = temporaryFolder();
    const env = { ...cleanEnvironment(home.path), ...CODEBUILD };
    const aws = [AWS, ...ENDPOINT, "s3", "cp", "s3://my-bucket/app/settings.json", "-"];
    const run = await inForky([process.execPath, BUILT_FILE, "exec", ...options, "--", ...aws], { env });
    expect(run.code, run.output).toBe(0);
    expect(run.stdout).toBe(SETTINGS);
  });
});
