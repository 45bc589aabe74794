import { writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { otherIdentity } from "../../../src/commands/other-identity.js";
import type { SourceDescription } from "../../../src/credentials/credentials.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { testContext } from "../../support/test-context.js";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "secret" };
const CONTAINER: SourceDescription = {
  kind: "container",
  name: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  place: "environment",
};

/** What is said where the container is used, and these are there. */
async function said(
  env: Record<string, string>,
  secrets: Record<string, string>,
  used: SourceDescription = CONTAINER,
  options: object = {},
) {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  for (const [name, text] of Object.entries(secrets)) writeFileSync(folder.at(name), text);
  const context = testContext({ HOME: folder.path, ...env }, { secretsFolder: folder.path });
  const search = { sts: () => Promise.reject(new Error("STS is not asked here")), ...options };
  return (await otherIdentity(used, { search } as never, context))?.message;
}

const INSTEAD = "here, not AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable)";

describe("who would use other keys", () => {
  it("cp and the AWS CLI, where a variable names them", async () => {
    expect(await said(KEYS, {})).toBe(
      `cp, sync, ls and the AWS CLI use AWS_ACCESS_KEY_ID (environment variable) ${INSTEAD}`,
    );
  });

  it("cp alone, where a BuildKit secret does", async () => {
    expect(await said({}, KEYS)).toBe(`cp, sync and ls use AWS_ACCESS_KEY_ID (secret file) ${INSTEAD}`);
  });

  it("nobody, where cp uses the same", async () => {
    expect(await said({ [CONTAINER.name]: "/x" }, {})).toBe(undefined);
  });

  it("cp, of the keys that a role is assumed with", async () => {
    const role = { roleArn: "arn:aws:iam::123456789012:role/x", from: "--role-arn" };
    const used = { kind: "assumed-role", name: "--role-arn", place: "option", base: CONTAINER } as const;
    expect(await said(KEYS, {}, used, { role })).toBe(
      "cp, sync and ls assume the role with the keys of AWS_ACCESS_KEY_ID (environment variable) here, not of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable)",
    );
    expect(await said({ [CONTAINER.name]: "/x" }, {}, used, { role })).toBe(undefined);
  });

  it.each([
    { uri: "/x" },
    { profile: "x" },
    { credentialsFile: "" },
    { webIdentity: true },
    { instanceRole: true },
  ])("nobody, where an option names the source: %j", async (options) =>
    expect(await said(KEYS, {}, CONTAINER, options)).toBe(undefined),
  );
});
