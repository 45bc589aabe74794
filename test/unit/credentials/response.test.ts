import { describe, expect, it } from "vitest";
import { parseResponse } from "../../../src/credentials/response.js";
import { codeBuildRoleArn } from "../../support/credential-endpoint/codebuild-role-arn.js";

const KEYS = { AccessKeyId: "A", SecretAccessKey: "S" };
const parse = (value: unknown) => parseResponse(Buffer.from(JSON.stringify(value)));

describe("the body of a 200", () => {
  it("gives credentials", () => {
    const fields = {
      ...KEYS,
      Token: "T",
      Expiration: "2030-01-01T00:00:00Z",
      RoleArn: "arn:aws:iam::123456789012:role/p/r",
    };
    expect(parse(fields)).toStrictEqual({
      kind: "credentials",
      credentials: {
        accessKeyId: "A",
        secretAccessKey: "S",
        sessionToken: "T",
        expiration: { epochMs: Date.UTC(2030, 0, 1), text: "2030-01-01T00:00:00Z" },
        roleArn: "arn:aws:iam::123456789012:role/p/r",
        accountId: "123456789012",
      },
    });
  });

  it("needs no more than the keys", () => {
    expect(parse(KEYS)).toStrictEqual({
      kind: "credentials",
      credentials: { accessKeyId: "A", secretAccessKey: "S" },
    });
  });

  it("takes the account that it names", () => {
    expect(parse({ ...KEYS, AccountId: "012345678901" })).toMatchObject({
      credentials: { accountId: "012345678901" },
    });
  });

  it.each([
    ["CodeBuild's opaque text", codeBuildRoleArn()],
    ["a user", "arn:aws:iam::123456789012:user/service-role/x"],
    ["a federated user", "arn:aws:sts::123456789012:federated-user/x"],
    ["the account", "arn:aws:iam::123456789012:root"],
    ["a role of another service", "arn:aws:s3::123456789012:role/x"],
    ["a session in IAM", "arn:aws:iam::123456789012:assumed-role/x/y"],
    ["no name", "arn:aws:iam::123456789012:role/"],
    ["a pattern", "arn:aws:iam::123456789012:role/*"],
    ["a space", "arn:aws:iam::123456789012:role/a b"],
    ["another script", "arn:aws:iam::123456789012:role/\u0430"],
    ["3 KiB", `arn:aws:iam::123456789012:role/${"x".repeat(3072)}`],
    ["an empty text", ""],
    ["a list", ["arn:aws:iam::123456789012:role/r"]],
  ])("a RoleArn that is %s tells of no role and no account", (_, RoleArn) => {
    const parsed = parse({ ...KEYS, RoleArn });
    expect(parsed.kind).toBe("credentials");
    if (parsed.kind === "credentials") expect(parsed.credentials).not.toHaveProperty(["roleArn"]);
    if (parsed.kind === "credentials") expect(parsed.credentials).not.toHaveProperty(["accountId"]);
  });

  it("tells role and account where they agree", () => {
    const named = { RoleArn: "arn:aws:iam::111111111111:role/r", AccountId: "111111111111" };
    expect(parse({ ...KEYS, ...named })).toMatchObject({
      credentials: { roleArn: named.RoleArn, accountId: named.AccountId },
    });
  });

  it("that names a role of another account tells neither", () => {
    const named = { ...KEYS, RoleArn: "arn:aws:iam::111111111111:role/r", AccountId: "222222222222" };
    const parsed = parse(named);
    expect(parsed).toMatchObject({ kind: "credentials" });
    expect(parsed).not.toHaveProperty("credentials.roleArn");
    expect(parsed).not.toHaveProperty("credentials.accountId");
  });

  it.each(["34", "1234567890123", "12345678901a", "", " 123456789012", 123456789012, ["123456789012"]])(
    "an AccountId that is %j tells of no account",
    (AccountId) => {
      const parsed = parse({ ...KEYS, AccountId });
      expect(parsed).toMatchObject({ kind: "credentials" });
      expect(JSON.stringify(parsed)).not.toContain("accountId");
    },
  );

  it("ignores a role or an account of another type", () => {
    expect(parse({ ...KEYS, RoleArn: 5, AccountId: null })).toMatchObject({ kind: "credentials" });
  });

  it.each([
    [{ SecretAccessKey: "S" }, /AccessKeyId/],
    [{ AccessKeyId: "A" }, /SecretAccessKey/],
    [{ ...KEYS, AccessKeyId: "" }, /AccessKeyId/],
    [{ ...KEYS, AccessKeyId: 1 }, /AccessKeyId/],
    [{ ...KEYS, SecretAccessKey: "a\nb" }, /SecretAccessKey/],
    [{ ...KEYS, Token: "" }, /Token/],
    [{ ...KEYS, Token: "\u0000" }, /Token/],
    [{ ...KEYS, Expiration: "soon" }, /Expiration/],
    [{ ...KEYS, Expiration: 5 }, /Expiration/],
    [{ ...KEYS, Expiration: "" }, /Expiration is empty/],
  ])("%j is a fault", (fields, fault) => {
    expect(parse(fields)).toEqual({ kind: "fault", fault: expect.stringMatching(fault) });
  });

  it.each([
    [
      { Code: "Failed", Message: "m" },
      { kind: "error", code: "Failed", message: "m" },
    ],
    [
      { code: "Failed", ...KEYS },
      { kind: "error", code: "Failed" },
    ],
    [
      { Code: 5, ...KEYS },
      { kind: "error", code: "5" },
    ],
    // Of two spellings either may be the error.
    [
      { code: "Success", Code: "Failed", message: "m" },
      { kind: "error", code: "Failed", message: "m" },
    ],
    [
      { Code: "Failed", undefined: "m" },
      { kind: "error", code: "Failed" },
    ],
    ...[5, null, "", "a\nb", "\ufffd"].map((Message): [object, object] => [
      { Code: "Failed", Message },
      { kind: "error", code: "Failed" },
    ]),
  ])("%j is an error", (fields, expected) => {
    expect(parse(fields)).toStrictEqual(expected);
  });

  it("tells a SessionToken where Token belongs", () => {
    expect(parse({ ...KEYS, SessionToken: "T" })).toMatchObject({ tokenMisnamed: true });
    expect(parse({ ...KEYS, Token: "T", SessionToken: "T" })).not.toHaveProperty("tokenMisnamed");
  });

  it("is none with Code Success, or an empty one", () => {
    expect(parse({ ...KEYS, Code: "" }).kind).toBe("credentials");
    expect(parse({ ...KEYS, Code: null }).kind).toBe("credentials");
    expect(parse({ ...KEYS, Code: "Success" }).kind).toBe("credentials");
  });

  it.each([
    ["", "its body is empty"],
    [" ", "its body is empty"],
    ["{", "its body is not JSON"],
    ["<html>", "with an HTML page instead of JSON"],
    ["null", "its body is not a JSON object"],
    ["[]", "its body is not a JSON object"],
    ["5", "its body is not a JSON object"],
    ['"x"', "its body is not a JSON object"],
  ])("%j cannot be parsed: %s", (text, fault) => {
    expect(parseResponse(Buffer.from(text))).toEqual({ kind: "unparsable", fault });
  });

  it("may hold a replacement character where nothing is read", () => {
    expect(parse({ ...KEYS, Note: "\ufffd" }).kind).toBe("credentials");
    expect(parse({ ...KEYS, Token: "\ufffd" }).kind).toBe("fault");
  });

  it("may have a byte order mark, but no other encoding", () => {
    expect(parseResponse(Buffer.from(`\ufeff${JSON.stringify(KEYS)}`)).kind).toBe("credentials");
    expect(parseResponse(Buffer.from(JSON.stringify(KEYS), "utf16le")).kind).toBe("unparsable");
    const broken = Buffer.from(`{"Note":"\xff",${JSON.stringify(KEYS).slice(1)}`, "latin1");
    expect(parseResponse(broken)).toEqual({ kind: "unparsable", fault: "its body is not UTF-8" });
  });

  it("never says what stood there", () => {
    const parsed = parse({ AccessKeyId: "A", SecretAccessKey: "hidden\n" });
    expect(JSON.stringify(parsed)).not.toContain("hidden");
  });
});

it.each([
  ["constructor", "constructor"],
  [{}, "{}"],
  [["x"], '["x"]'],
  [7, "7"],
])("a Code of %j is an error of that name", (Code, code) => {
  expect(parseResponse(Buffer.from(JSON.stringify({ Code })))).toEqual({ kind: "error", code });
});
