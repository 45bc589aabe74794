import { describe, expect, it } from "vitest";
import { holdsProfiles } from "../../../src/credentials/credentials-file.js";
import { fileText } from "../../../src/credentials/file-text.js";
import { keysOfText } from "../../support/keys-of-text.js";

/** As a file gives it, without the mark that it may begin with. */
const parse = (text: string, profile?: string) => keysOfText(text.replace(/^\ufeff/, ""), profile);
const KEYS = { accessKeyId: "A", secretAccessKey: "S" };

describe("a credentials file", () => {
  it.each([
    ['{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S"}', KEYS],
    ['\ufeff {"AccessKeyId":"A","SecretAccessKey":"S","Token":"T"}', { ...KEYS, sessionToken: "T" }],
    [
      '{"Credentials":{"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T"}}',
      { ...KEYS, sessionToken: "T" },
    ],
    ["export AWS_ACCESS_KEY_ID=A\nexport AWS_SECRET_ACCESS_KEY=S\n", KEYS],
    ["AWS_ACCESS_KEY_ID=A\r\nAWS_SECRET_ACCESS_KEY=S\r\n", KEYS],
    ["export AWS_ACCESS_KEY_ID='A';\nexport AWS_SECRET_ACCESS_KEY='S'\nunset AWS_SECURITY_TOKEN\n", KEYS],
    [`AWS_ACCESS_KEY_ID="A"\nAWS_SECRET_ACCESS_KEY='it'\\''s'\n`, { ...KEYS, secretAccessKey: "it's" }],
    ["AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\nAWS_SESSION_TOKEN=\n", KEYS],
    ["AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=a/b+c==\n", { ...KEYS, secretAccessKey: "a/b+c==" }],
    ["[default]\naws_access_key_id = A\naws_secret_access_key=S\n", KEYS],
    ["# x\n[default] # y\nAWS_ACCESS_KEY_ID = A\naws_secret_access_key = S\n", KEYS],
    // What sets nothing is passed over.
    ...["# ", "#export ", "rem "].map((word): [string, object] => [
      `AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n${word}AWS_ACCESS_KEY_ID=B\n`,
      KEYS,
    ]),
    ...["# set -gx AWS_ACCESS_KEY_ID B", "# $env:AWS_ACCESS_KEY_ID='B'", "rem set AWS_ACCESS_KEY_ID=B"].map(
      (line): [string, object] => [`AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n${line}\n`, KEYS],
    ),
  ])("%j", (text, keys) => expect(parse(text)).toStrictEqual(keys));

  it("ends no line at U+2028, in KEY=VALUE lines as in profiles", () => {
    for (const odd of ["a\u2028b", "\u2029[x]", "\u2028\u2028", "a\u0085b".replace("\u0085", "\u2028")]) {
      const lines = `export AWS_ACCESS_KEY_ID='id'\nAWS_SECRET_ACCESS_KEY="${odd}"\nAWS_SESSION_TOKEN=${odd}\n`;
      expect(parse(lines)).toEqual({
        accessKeyId: "id",
        secretAccessKey: odd,
        sessionToken: odd,
      });
      const profile = `[default]\naws_access_key_id = id\naws_secret_access_key = x${odd}x\n`;
      expect(parse(profile)).toMatchObject({ secretAccessKey: `x${odd}x` });
    }
  });

  it("has an expiry", () => {
    const { expiration } = parse(
      "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\nAWS_CREDENTIAL_EXPIRATION=2030-01-01T00:00:00+00:00\n",
    );
    expect(expiration?.epochMs).toBe(Date.UTC(2030, 0, 1));
    const lines =
      "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\nAWS_SESSION_EXPIRATION=2030-01-01T00:00:00Z\n";
    expect(parse(lines).expiration).toEqual(expiration && { ...expiration, text: "2030-01-01T00:00:00Z" });
  });

  it.each([
    '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","AccountId":"123456789012"}',
    "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\nAWS_ACCOUNT_ID=123456789012\n",
    "[default]\naws_access_key_id = A\naws_secret_access_key = S\naws_account_id = 123456789012\n",
  ])("has the account that it names: %j", (text) => {
    expect(parse(text)).toEqual({ ...KEYS, accountId: "123456789012" });
    for (const odd of ["12345678901", "1234567890123", "x".repeat(12), ""])
      expect(parse(text.replace("123456789012", odd))).toStrictEqual(KEYS);
  });

  it("has no account in a number, whose zeros would be lost", () => {
    expect(parse('{"AccessKeyId":"A","SecretAccessKey":"S","AccountId":123456789012}')).toStrictEqual(KEYS);
  });

  it.each([
    ["[a]", true],
    ["x\r\n \t[a] # y", true],
    ["[]", false],
    ["[a", false],
    ["x = [a]", false],
    ["x[a]", false],
    // JSON may have such lines.
    ['{\n"x":\n["a"]\n}', false],
    [' {\n["a"]\n', false],
    ["", false],
  ])("of %j has profiles: %s", (text, expected) => expect(holdsProfiles(text)).toBe(expected));

  const ARN = "arn:aws:sts::123456789012:assumed-role/build/session";
  const INI = "[default]\naws_access_key_id = A\naws_secret_access_key = S\n";

  it.each([
    ["aws_credential_expiration = 2030-01-01T00:00:00Z"],
    ["aws_expiration = 2030-01-01T00:00:00Z"],
    ["x_security_token_expires = 2030-01-01T02:00:00+02:00"],
    ["x_expiration = 2030-01-01T00:00:00Z"],
    ["expiration = 2030-01-01T00:00:00.9Z"],
    // What is ours was written last.
    ["x_security_token_expires = 2020-01-01T00:00:00Z\naws_credential_expiration = 2030-01-01T00:00:00Z"],
  ])("has the expiry %s", (line) => {
    expect(Math.floor((parse(`${INI}${line}\n`).expiration?.epochMs ?? 0) / 1000)).toBe(
      Date.UTC(2030, 0, 1) / 1000,
    );
  });

  it.each([
    ["indented", "  [default]\n    aws_access_key_id = A\n    aws_secret_access_key = S\n"],
    ["with colons", "[default]\naws_access_key_id: A\naws_secret_access_key : S\n"],
    [
      "beside nested settings",
      "[default]\n aws_access_key_id=A\n s3=\n  aws_access_key_id=B\n aws_secret_access_key=S\n",
    ],
    [
      "of a value with both delimiters",
      "[default]\naws_access_key_id=A\naws_secret_access_key=S\nx: a=b:c\n",
    ],
  ])("is read as the AWS CLI reads it, %s", (_, text) => expect(parse(text)).toEqual(KEYS));

  it("has the role that saml2aws names, where it is one", () => {
    expect(parse(`${INI}x_principal_arn = ${ARN}\n`)).toEqual({
      ...KEYS,
      roleArn: ARN,
      accountId: "123456789012",
    });
    expect(parse(`${INI}x_principal_arn = AQICAH\n`)).toStrictEqual(KEYS);
  });

  it.each([
    [
      "the AWS CLI's cache of a role",
      {
        Credentials: {
          AccessKeyId: "A",
          SecretAccessKey: "S",
          SessionToken: "T",
          Expiration: "2030-01-01T00:00:00UTC",
          AccountId: "1",
        },
        AssumedRoleUser: { AssumedRoleId: "AROA:x", Arn: ARN },
        ResponseMetadata: { RequestId: "x" },
      },
      { roleArn: ARN, accountId: "123456789012" },
    ],
    [
      "its cache of single sign-on",
      {
        ProviderType: "sso",
        Credentials: {
          AccessKeyId: "A",
          SecretAccessKey: "S",
          SessionToken: "T",
          Expiration: "2030-01-01T00:00:00Z",
        },
      },
      {},
    ],
    [
      "aws sso get-role-credentials",
      {
        roleCredentials: {
          accessKeyId: "A",
          secretAccessKey: "S",
          sessionToken: "T",
          expiration: Date.UTC(2030, 0, 1),
        },
      },
      {},
    ],
    [
      "its cache of aws login",
      {
        accessToken: {
          accessKeyId: "A",
          secretAccessKey: "S",
          sessionToken: "T",
          expiresAt: "2030-01-01T00:00:00Z",
        },
        tokenType: "x",
      },
      {},
    ],
  ])("reads %s", (_, json, more) => {
    const { expiration, ...keys } = parse(JSON.stringify(json, null, 2));
    expect(keys).toEqual({ ...KEYS, sessionToken: "T", ...more });
    expect(expiration?.epochMs).toBe(Date.UTC(2030, 0, 1));
  });

  it.each([
    ["fish, as the AWS CLI writes it", "set -gx AWS_ACCESS_KEY_ID A;\nset -gx AWS_SECRET_ACCESS_KEY S\n"],
    [
      "PowerShell, as the AWS CLI writes it",
      '$Env:AWS_ACCESS_KEY_ID="A"\r\n$Env:AWS_SECRET_ACCESS_KEY="S"\r\n',
    ],
    ["cmd.exe", "set AWS_ACCESS_KEY_ID=A\r\nset AWS_SECRET_ACCESS_KEY=S\r\n"],
  ])("reads lines of %s", (_, text) => {
    expect(parse(text)).toEqual(KEYS);
  });

  it.each([
    ["set -gx AWS_SECRET_ACCESS_KEY S'x'", "Sx"],
    ["$env:AWS_SECRET_ACCESS_KEY = S'x'y", "S'x'y"],
    ['$env:AWS_SECRET_ACCESS_KEY = S"x"y', 'S"x"y'],
  ])("knows a quote in a word from one around it: %s", (line, secretAccessKey) => {
    expect(parse(`AWS_ACCESS_KEY_ID=A\n${line}\n`)).toEqual({ accessKeyId: "A", secretAccessKey });
  });

  it.each([
    ["little", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["big", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ])("reads UTF-16 with the %s end first, as PowerShell writes what is redirected", (_, encode) => {
    expect(parse(fileText(encode(INI)))).toEqual(KEYS);
    expect(parse(fileText(encode(JSON.stringify({ AccessKeyId: "A", SecretAccessKey: "S" }))))).toEqual(KEYS);
  });

  it.each([
    ["a mark for the little end alone", [0xff, 0xfe], ""],
    ["a mark for the big end alone", [0xfe, 0xff], ""],
    ["half a character at a little end", [0xff, 0xfe, 0x41, 0, 0x42], "A"],
    ["half a character at a big end", [0xfe, 0xff, 0, 0x41, 0], "A"],
    ["the first byte of a little end's mark", [0xff, 0x41], "\ufffdA"],
    ["its second one", [0x41, 0xfe], "A\ufffd"],
    ["the first byte of a big end's mark", [0xfe, 0x41], "\ufffdA"],
    ["its second one", [0x41, 0xff], "A\ufffd"],
  ])("reads %s: %j", (_, bytes, text) => expect(fileText(Buffer.from(bytes))).toBe(text));

  it("reads UTF-8 with its byte order mark", () => {
    expect(parse(fileText(Buffer.from(`\ufeff${INI}`)))).toEqual(KEYS);
  });

  it("has profiles", () => {
    const text =
      "[a]\naws_access_key_id=1\naws_secret_access_key=2\n[profile b]\naws_access_key_id=3\naws_secret_access_key=4\naws_session_token=5\n";
    expect(parse(text, "a")).toEqual({ accessKeyId: "1", secretAccessKey: "2" });
    expect(parse(text, "b")).toEqual({ accessKeyId: "3", secretAccessKey: "4", sessionToken: "5" });
    expect(() => parse(text)).toThrow(expect.objectContaining({ id: "profile-missing", exitCode: 253 }));
    for (const half of ["role_arn=y", "aws_access_key_id=A", "aws_access_key_id=\naws_secret_access_key=S"])
      expect(() => parse(`[x]\n${half}\n`, "x")).toThrow(
        expect.objectContaining({ id: "profile-without-keys" }),
      );
  });

  it.each([
    "",
    "nonsense",
    "{",
    "{}",
    '{"AccessKeyId":"A"}',
    '{"AccessKeyId":1,"SecretAccessKey":"S"}',
    '{"AccessKeyId":"","SecretAccessKey":"S"}',
    '{"AccessKeyId":"A\ufffd","SecretAccessKey":"S"}',
    '{"AccessKeyId":"A","SecretAccessKey":"S\\n"}',
    '{"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":5}',
    '{"AccessKeyId":"A","SecretAccessKey":"S","Expiration":"soon"}',
    "AWS_ACCESS_KEY_ID=A",
  ])("%j cannot be used", (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ id: "credentials-file-malformed", exitCode: 253 }),
    );
  });
});
