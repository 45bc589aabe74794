import { mkdirSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { startRecorder } from "../support/profiles/recorder.js";
import { homeFiles, SETTING_CASES } from "../support/profiles/setting-cases.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { runProgram } from "./bed/run-program.js";

/** What stands before the AWS CLI. */
let root: readonly string[];
beforeAll(async () => {
  root = inRoot(await forkyRoot());
});

/** What test/cases/profile-settings.test.ts expects of ours is what the AWS CLI does. */
describe.concurrent("the profile in force, for the AWS CLI", () => {
  it.each(SETTING_CASES)("$title", async (each) => {
    using home = temporaryFolder();
    mkdirSync(home.at(".aws"));
    for (const [name, text] of Object.entries(homeFiles(each))) writeFileSync(home.at(".aws", name), text);
    await using recorder = await startRecorder();
    const env = {
      PATH: `/usr/bin:${process.env.PATH}`,
      HOME: home.path,
      // Nothing is worth a second try, nor is the network's metadata.
      AWS_MAX_ATTEMPTS: "1",
      AWS_EC2_METADATA_DISABLED: "true",
      ...recorder.env,
      ...(each.file === undefined
        ? {}
        : { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: home.at(".aws", "file") }),
      ...each.env,
    };
    const line = each.of === "sts" ? ["sts", "get-caller-identity"] : ["s3", "ls", "s3://bucket"];
    const command = [...root, "aws", ...line, ...(each.options ?? [])];
    const { code, stderr } = await runProgram(command, { cwd: home.path, env, stdin: "" });
    if (each.refused !== undefined) {
      expect({ code, contacts: recorder.contacts }, stderr).toEqual({ code: 255, contacts: [] });
      expect(stderr).toMatch(each.refused[2]);
    } else expect(recorder.contacts[0]?.where, stderr).toBe(each.asks);
  });
});
