import { describe, expect, it } from "vitest";
import { parseCredentialsFile } from "../../../src/credentials/credentials-file.js";

const parse = (text: string, profile = "default") => parseCredentialsFile("F", text, profile);
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
    ["# x\n[ default ]\nAWS_ACCESS_KEY_ID = A\naws_secret_access_key = S\n  nested = 1\n", KEYS],
  ])("%j", (text, keys) => expect(parse(text)).toEqual(keys));

  it("has an expiry", () => {
    const { expiration } = parse(
      "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\nAWS_CREDENTIAL_EXPIRATION=2030-01-01T00:00:00+00:00\n",
    );
    expect(expiration?.epochMs).toBe(Date.UTC(2030, 0, 1));
  });

  it("has profiles", () => {
    const text =
      "[a]\naws_access_key_id=1\naws_secret_access_key=2\n[profile b]\naws_access_key_id=3\naws_secret_access_key=4\naws_session_token=5\n";
    expect(parse(text, "a")).toEqual({ accessKeyId: "1", secretAccessKey: "2" });
    expect(parse(text, "b")).toEqual({ accessKeyId: "3", secretAccessKey: "4", sessionToken: "5" });
    expect(() => parse(text)).toThrow(expect.objectContaining({ id: "profile-missing", exitCode: 253 }));
    expect(() => parse("[x]\nrole_arn=y\n", "x")).toThrow(
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
