import { describe, expect, it } from "vitest";
import {
  parseProcessOutput,
  secretsInOutput,
  secretsInText,
} from "../../../src/credentials/process-output.js";

const KEYS = { Version: 1, AccessKeyId: "AKIA1", SecretAccessKey: "hidden-secret" };

const read = (fields: unknown, accountId?: string) =>
  parseProcessOutput(Buffer.from(JSON.stringify(fields)), accountId);

const keys = { accessKeyId: "AKIA1", secretAccessKey: "hidden-secret" };

describe("what a credential_process prints", () => {
  it.each<[string, object, object]>([
    ["keys alone", {}, {}],
    ["a session token", { SessionToken: "t" }, { sessionToken: "t" }],
    ["an empty session token", { SessionToken: "" }, {}],
    ["null for what it has not", { SessionToken: null, Expiration: null, AccountId: null }, {}],
    ["the account", { AccountId: "123456789012" }, { accountId: "123456789012" }],
    ["what can be no account", { AccountId: "x" }, {}],
    ["too short an account", { AccountId: "12345678901" }, {}],
    ["too long an account", { AccountId: "1234567890123" }, {}],
    ["a number for the account", { AccountId: 123456789012 }, {}],
    ["other fields", { Foo: {} }, {}],
  ])("holds %s", (_, fields, found) => {
    expect(read({ ...KEYS, ...fields })).toStrictEqual({ credentials: { ...keys, ...found } });
  });

  it("may leave the account to the profile", () => {
    expect(read(KEYS, "123456789012")).toMatchObject({ credentials: { accountId: "123456789012" } });
    const other = { ...KEYS, AccountId: "210987654321" };
    expect(read(other, "123456789012")).toMatchObject({ credentials: { accountId: "210987654321" } });
  });

  it.each([
    "2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.000Z",
    "2026-01-02T03:04:05+00:00",
    "2026-01-02T03:04:05+0000",
    "2026-01-02T05:04:05+02",
    "2026-01-02 03:04:05Z",
    "2026-01-02 03:04:05 UTC",
    "2026-01-02T03:04:05UTC",
    "20260102T030405Z",
  ])("may say its end as %s", (Expiration) => {
    const expiration = { epochMs: Date.UTC(2026, 0, 2, 3, 4, 5), text: expect.any(String) };
    expect(read({ ...KEYS, Expiration })).toMatchObject({ credentials: { expiration } });
  });

  it("may leave the seconds out of it", () => {
    const expiration = { epochMs: Date.UTC(2026, 0, 2, 3, 4), text: "2026-01-02T03:04:00Z" };
    expect(read({ ...KEYS, Expiration: "2026-01-02T03:04Z" })).toMatchObject({ credentials: { expiration } });
  });

  it.each([
    ...["", "soon", "2026-01-02", "2026-01-02T03:04:05", "2026-02-30T03:04:05Z", 1767322800, {}],
    ...["x2026-01-02T03:04:05Z", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05ZZ"],
  ])("does not say it as %j", (Expiration) => {
    expect(read({ ...KEYS, Expiration })).toEqual({
      fault: "Expiration is not an ISO 8601 date with a zone",
    });
  });

  it.each<[string, object, string]>([
    ["no version", { Version: undefined }, "its Version is not 1"],
    ["another version", { Version: 2 }, "its Version is not 1"],
    ["a text as version", { Version: "1" }, "its Version is not 1"],
    ["no key id", { AccessKeyId: undefined }, "AccessKeyId is"],
    ["an empty one", { AccessKeyId: "" }, "AccessKeyId is"],
    ["one of broken text", { AccessKeyId: "A\ufffd" }, "AccessKeyId is"],
    ["one that would end a header", { AccessKeyId: "a\r\nb" }, "AccessKeyId is"],
    ["no secret", { SecretAccessKey: undefined }, "SecretAccessKey is"],
    ["a secret that is no text", { SecretAccessKey: 1 }, "SecretAccessKey is"],
    ["a token that is no text", { SessionToken: 1 }, "SessionToken is"],
    ["a token with a line break", { SessionToken: "a\nb" }, "SessionToken is"],
  ])("is nothing with %s", (_, fields, fault) => {
    expect(read({ ...KEYS, ...fields })).toEqual({ fault: expect.stringContaining(fault) });
  });

  it.each<[string, Buffer, string]>([
    ["nothing", Buffer.from(" \n"), "its output is empty"],
    ["text", Buffer.from("hidden"), "its output is not JSON"],
    ["two objects", Buffer.from("{}{}"), "its output is not JSON"],
    ["a byte order mark", Buffer.from("\ufeff{}"), "its output is not JSON"],
    ["a list", Buffer.from("[]"), "its output is not a JSON object"],
    ["null", Buffer.from("null"), "its output is not a JSON object"],
    ["a number", Buffer.from("5"), "its output is not a JSON object"],
    ["bytes", Buffer.from([0x7b, 0xff, 0x7d]), "its output is not UTF-8"],
  ])("is nothing when it is %s", (_, bytes, fault) => {
    expect(parseProcessOutput(bytes)).toEqual({ fault });
  });

  it("has its secrets known, also where it cannot be used", () => {
    const bytes = Buffer.from(JSON.stringify({ SecretAccessKey: "s", SessionToken: "t" }));
    expect(secretsInOutput(bytes)).toEqual(["s", "t"]);
    expect(secretsInOutput(Buffer.from("x"))).toEqual([]);
    const odd = Buffer.from(JSON.stringify({ SecretAccessKey: 1, SessionToken: { a: "t" } }));
    expect(secretsInOutput(odd)).toEqual([undefined, undefined]);
    expect(secretsInText("secret_access_key = 'a' security_token: b")).toEqual(["a", "b"]);
  });
});
