import { describe, expect, it } from "vitest";
import type { SourceDescription } from "../../../src/credentials/credentials.js";
import { Failure } from "../../../src/failure.js";
import { anyFailure } from "../../../src/output/any-failure.js";
import { reportJson, reportText, verification, type Whose } from "../../../src/output/verification.js";

const ROLE = "arn:aws:sts::123456789012:assumed-role/build/session";
const keys = { accessKeyId: "ASIA123456789012", secretAccessKey: "secret", sessionToken: "token" };
const container: SourceDescription = {
  kind: "container",
  name: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  place: "environment",
  address: "http://169.254.170.2/x",
};
const nobody: Whose = {
  identity: { from: "source", roleArn: undefined, accountId: undefined },
  accessKeyAccountId: undefined,
  caller: undefined,
  differs: false,
};

function rows(source: SourceDescription, whose: Partial<Whose>, more: object = {}, now = 0) {
  const region = { value: "eu-west-1", from: "AWS_REGION" };
  const found = verification({ ...keys, ...more }, source, { ...nobody, ...whose }, region, now);
  const lines = reportText(found).trimEnd().split("\n");
  return {
    found,
    text: Object.fromEntries(lines.map((line) => [line.slice(0, 12).trim(), line.slice(12)])),
  };
}

describe("what verify says", () => {
  it("of the endpoint's role, account and expiry, and who tells them", () => {
    const expiration = { epochMs: 3_600_999, text: "1970-01-01T01:00:00Z" };
    const identity = { from: "source", roleArn: ROLE, accountId: "123456789012" } as const;
    const { found, text } = rows(container, { identity }, { expiration }, 1000);
    expect(found).toMatchObject({
      secondsLeft: 3599,
      hasSessionToken: true,
      differs: null,
      caller: null,
      from: { roleArn: "endpoint", accountId: "endpoint", accessKeyAccountId: null },
    });
    expect(text).toEqual({
      Role: ROLE,
      Account: "123456789012",
      "Access key": `${"*".repeat(16)}9012`,
      Expires: "1970-01-01T01:00:00Z (59 min left)",
      Source: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable)",
      Endpoint: "http://169.254.170.2/x",
      Region: "eu-west-1 (AWS_REGION)",
    });
  });

  it("as JSON has null for what nobody tells", () => {
    const source: SourceDescription = { kind: "environment-keys", name: "N", place: "environment" };
    const { sessionToken: _, ...tokenless } = keys;
    const text = reportJson(verification(tokenless, source, nobody, undefined, 0));
    expect(text).toMatch(/^\{\n {2}"available"/);
    expect(JSON.parse(text)).toEqual({
      available: true,
      roleArn: null,
      accountId: null,
      accessKeyAccountId: null,
      accessKeyId: `${"*".repeat(16)}9012`,
      expiration: null,
      secondsLeft: null,
      hasSessionToken: false,
      source: {
        kind: "environment-keys",
        name: "N",
        place: "environment",
        address: null,
        path: null,
        roleArn: null,
        base: null,
      },
      region: null,
      caller: null,
      from: { roleArn: null, accountId: null, accessKeyAccountId: null },
      named: { roleArn: null, accountId: null },
      differs: null,
    });
  });

  it("of an endpoint that tells nothing, but for the account of the access key id", () => {
    const { found, text } = rows(container, { accessKeyAccountId: "123456789012" });
    expect(found.from).toEqual({ roleArn: null, accountId: null, accessKeyAccountId: "accessKeyId" });
    expect(text).toMatchObject({
      Role: "the endpoint does not name it (verify --sts asks)",
      Account: "123456789012 (derived from the access key id, not confirmed)",
      Expires: "unknown: this source does not report it",
    });
  });

  const caller = { arn: "arn:aws:iam::123456789012:user/u", account: "123456789012", userId: "U" };
  it("of what STS tells, and of a source that names another", () => {
    const identity = { from: "sts", roleArn: undefined, accountId: caller.account } as const;
    const named = { roleArn: ROLE, accountId: "210987654321" };
    const { found, text } = rows(container, { identity, caller, differs: true }, named);
    expect(found).toMatchObject({ differs: true, named, from: { roleArn: null, accountId: "sts" } });
    expect(text).toMatchObject({
      Role: "none: STS says that these are not a role's keys",
      "STS says": caller.arn,
      Differs: `the endpoint names the role ${ROLE} and the account 210987654321`,
    });
    expect(rows(container, { identity, caller, differs: true }, { roleArn: ROLE }).text.Differs).toBe(
      `the endpoint names the role ${ROLE}`,
    );
    expect(rows(container, { identity, caller }, named).text).not.toHaveProperty("Differs");
  });

  it.each([
    ["instance", "endpoint"],
    ["process", "process"],
    ["web-identity", "sts"],
    ["assumed-role", "sts"],
    ["credentials-file", "file"],
  ])("of a source of the kind %s the %s tells", (kind, teller) => {
    const source = { kind, name: "n", place: "file", path: "/p" } as SourceDescription;
    const identity = { from: "source", roleArn: ROLE, accountId: undefined } as const;
    expect(rows(source, { identity }).found.from.roleArn).toBe(teller);
  });

  it("of each layer whose keys STS was asked with, and of no place twice", () => {
    const file = { kind: "credentials-file", name: "/p", place: "file", path: "/p" } as SourceDescription;
    expect(rows(file, {}).text).not.toHaveProperty("File");
    expect(rows({ ...file, name: "n" }, {}).text.File).toBe("/p");
    const { text, found } = rows(
      { kind: "assumed-role", name: "role_arn", place: "file", roleArn: ROLE, base: container },
      {},
    );
    expect(text["Keys of"]).toBe(
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable), http://169.254.170.2/x",
    );
    expect(found.source).toMatchObject({
      roleArn: ROLE,
      address: null,
      base: { kind: "container", base: null },
    });
  });
});

describe("whatever is thrown", () => {
  const system = (code: string | undefined, syscall?: string, message = "words\u001b") =>
    Object.assign(new Error(message), { code, syscall });

  it.each([
    [system("ENOENT", "uv_cwd"), "working-folder-gone"],
    [system("ENOENT", "open"), "system-refused"],
    [system("EACCES", "uv_cwd"), "system-refused"],
    [system("ERR_ACCESS_DENIED"), "forbidden-by-node"],
    [system("ERR_MEMORY_ALLOCATION_FAILED"), "out-of-memory"],
    [system(undefined, undefined, "Array buffer allocation failed"), "out-of-memory"],
    [system("XERR_MEMORY_ALLOCATION_FAILED"), "internal-error"],
    [system("ERR_MEMORY_ALLOCATION_FAILED_X"), "internal-error"],
    [system("X_EACCES", "open"), "internal-error"],
    [system("EACCES_X", "open"), "internal-error"],
    [system("ENOENT"), "internal-error"],
    [system("ERR_X", "open"), "internal-error"],
    [system(undefined, "open"), "internal-error"],
    [new TypeError("words\u001b"), "internal-error"],
  ])("%s becomes %s", (error, id) => {
    const failure = anyFailure(error);
    expect(failure).toMatchObject({ id, exitCode: 255 });
    expect(failure.message).not.toContain("\u001b");
  });

  it("stays as it is where it has words", () => {
    const failure = new Failure("s3-error", { message: "No", exitCode: 1 });
    expect(anyFailure(failure)).toBe(failure);
  });
});
