import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../src/credentials/credentials.js";
import { parseExpiration } from "../../../src/credentials/expiration.js";
import { Failure } from "../../../src/failure.js";
import { FORMATS } from "../../../src/formats/formats.js";

const KEYS: Credentials = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "it's/secret+",
  sessionToken: "to%k^en==",
  expiration: { epochMs: Date.UTC(2026, 0, 1), text: "2026-01-01T00:00:00Z" },
  accountId: "123456789012",
};
const LONG_LIVED: Credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };

/** What SDKs read of others' credentials: botocore, boto 2, and the SDKs for JavaScript, Java, Go and Ruby. */
const OTHERS = [
  "AWS_SECURITY_TOKEN",
  "AWS_DELEGATION_TOKEN",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_CREDENTIAL_SCOPE",
  "AWS_CREDENTIAL_FILE",
  "AMAZON_ACCESS_KEY_ID",
  "AMAZON_SECRET_ACCESS_KEY",
  "AMAZON_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];

const written = (name: string, keys = KEYS, region: string | undefined = "eu-west-1", section = "default") =>
  FORMATS.find((format) => format.name === name)?.write(keys, { region, section });

describe("formats", () => {
  it("are those of the AWS CLI, and ini; env is the default", () => {
    expect(FORMATS.map(({ name }) => name)).toEqual([
      "env",
      "env-no-export",
      "fish",
      "powershell",
      "windows-cmd",
      "process",
      "ini",
    ]);
  });

  it("env", () => {
    expect(written("env")).toBe(
      [
        "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE",
        "export AWS_SECRET_ACCESS_KEY='it'\\''s/secret+'",
        "export AWS_SESSION_TOKEN='to%k^en=='",
        "export AWS_CREDENTIAL_EXPIRATION=2026-01-01T00:00:00Z",
        "export AWS_ACCOUNT_ID=123456789012",
        "export AWS_REGION=eu-west-1",
        "export AWS_DEFAULT_REGION=eu-west-1",
        `unset ${OTHERS.join(" ")}`,
        "",
      ].join("\n"),
    );
  });

  const PLAIN = { ...KEYS, secretAccessKey: "secret/+", sessionToken: "IQoJ/token+==" };

  it("env-no-export is NAME=VALUE lines alone", () => {
    expect(written("env-no-export", PLAIN)).toBe(
      [
        "AWS_ACCESS_KEY_ID=ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY=secret/+",
        "AWS_SESSION_TOKEN=IQoJ/token+==",
        "AWS_CREDENTIAL_EXPIRATION=2026-01-01T00:00:00Z",
        "AWS_ACCOUNT_ID=123456789012",
        "AWS_REGION=eu-west-1",
        "AWS_DEFAULT_REGION=eu-west-1",
        "",
      ].join("\n"),
    );
  });

  it.each(["a b", "it's", '"', "$x", "a\\b", "*", "a#b", "~", "=a", "a:=b", "é", "a\nb", ""])(
    "env-no-export refuses %j, and names its variable",
    (sessionToken) => {
      const named = expect.objectContaining({
        id: "not-representable",
        message: "AWS_SESSION_TOKEN has characters that cannot be written with --format env-no-export",
      });
      expect(() => written("env-no-export", { ...PLAIN, sessionToken })).toThrow(named);
    },
  );

  it("keys, tokens and dates stand bare where a shell reads them", () => {
    expect(written("env", PLAIN)).not.toMatch(/['"\\]/);
    expect(written("fish", PLAIN)).not.toMatch(/['"\\]/);
    expect(written("fish", PLAIN)).toContain("\nset -gx AWS_SESSION_TOKEN IQoJ/token+==;\n");
  });

  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T00:00:00.999999999Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01t02:30:00z", "2026-01-01T02:30:00Z"],
    ["2026-01-01T02:30:00+02:00", "2026-01-01T00:30:00Z"],
    ["2025-12-31T19:00:00-05:00", "2026-01-01T00:00:00Z"],
    ["2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"],
    ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"],
  ])("an expiry of %s goes out as %s", (text, expected) => {
    const expiration = parseExpiration(text);
    if (expiration === undefined) throw new Error(`${text} is no date`);
    for (const format of FORMATS) {
      const dates = format
        .write({ ...PLAIN, expiration }, { region: undefined, section: "default" })
        .match(/\d{4,}-\d\d-\S+?Z/gi);
      expect({ format: format.name, dates }).toEqual({ format: format.name, dates: [expected] });
    }
  });

  it("fish", () => {
    const lines = written("fish")?.split("\n");
    expect(lines?.[0]).toBe("set -e AWS_SECURITY_TOKEN; or true;");
    expect(lines?.[OTHERS.length + 1]).toBe("set -gx AWS_SECRET_ACCESS_KEY 'it\\'s/secret+';");
  });

  it("powershell", () => {
    const lines = written("powershell")?.split("\n");
    expect(lines?.[0]).toBe("Remove-Item -ErrorAction Ignore Env:AWS_SECURITY_TOKEN");
    expect(lines?.[OTHERS.length + 1]).toBe("$Env:AWS_SECRET_ACCESS_KEY = 'it''s/secret+'");
  });

  it("windows-cmd", () => {
    const lines = written("windows-cmd")?.split("\n");
    expect(lines?.[0]).toBe("set AWS_SECURITY_TOKEN=");
    expect(lines?.[OTHERS.length + 2]).toBe("set AWS_SESSION_TOKEN=to%%k^^en==");
  });

  it("process", () => {
    expect(written("process")).toMatch(/^\{\n {2}"Version": 1,\n {2}"AccessKeyId"/);
    expect(JSON.parse(written("process") ?? "")).toEqual({
      Version: 1,
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: "it's/secret+",
      SessionToken: "to%k^en==",
      Expiration: "2026-01-01T00:00:00Z",
      AccountId: "123456789012",
    });
    expect(JSON.parse(written("process", LONG_LIVED) ?? "")).toEqual({
      Version: 1,
      AccessKeyId: "AKIAEXAMPLE",
      SecretAccessKey: "secret",
    });
  });

  it("ini", () => {
    expect(written("ini", KEYS, undefined, "build")).toBe(
      "[build]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = it's/secret+\naws_session_token = to%k^en==\naws_credential_expiration = 2026-01-01T00:00:00Z\nregion = eu-west-1\n",
    );
    expect(written("ini")).toMatch(/^\[default\]\n/);
  });

  it("say nothing of a region that is not known", () => {
    for (const format of FORMATS)
      expect(format.write(PLAIN, { region: undefined, section: "default" })).not.toMatch(/region/i);
  });

  it.each(["env", "fish", "powershell", "windows-cmd"])(
    "%s clears what these keys do not have, and what names others'",
    (name) => {
      const unset = (written(name, LONG_LIVED)?.split("\n") ?? [])
        .filter((line) => /^(unset|set -e|Remove-Item|set \w+=$)/.test(line))
        .flatMap((line) => line.match(/A[A-Z_]{3,}/g) ?? []);
      expect(unset).toEqual(["AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID", ...OTHERS]);
    },
  );

  it.each(["12345678901", "1234567890123", "evil.example/", "123456789012\n"])(
    "an account that is none (%j) is not passed on",
    (accountId) => {
      expect(written("env", { ...KEYS, accountId })).toMatch(/^unset AWS_ACCOUNT_ID AWS_SECURITY_TOKEN /m);
    },
  );

  it.each([
    ["env", "false"],
    ["env-no-export", undefined],
    ["fish", "false"],
    ["powershell", "throw 'fetch-creds: no credentials'"],
    ["windows-cmd", undefined],
    ["process", undefined],
    ["ini", undefined],
  ])("%s fails by evaluating %s", (name, line) => {
    expect(FORMATS.find((format) => format.name === name)?.failureLine).toBe(line);
  });

  it.each(["windows-cmd", "ini", "env-no-export"])(
    "%s refuses a line break, without showing the value",
    (name) => {
      expect(() => written(name, { ...KEYS, sessionToken: "hidden\nvalue" })).toThrow(
        expect.objectContaining({ id: "not-representable", message: expect.not.stringContaining("hidden") }),
      );
    },
  );

  it.each(["", "a]b", "[a", "a\nb", " a"])("ini refuses the section %j", (section) => {
    expect(() => written("ini", KEYS, undefined, section)).toThrow(Failure);
  });
});
