import { describe, expect, it } from "vitest";
import { checkExpectations } from "../../../src/credentials/check-expectations.js";
import { unnamed } from "../../../src/credentials/expectations.js";

const NOW = Date.UTC(2026, 0, 1);
const KEYS = {
  accessKeyId: "A",
  secretAccessKey: "S",
  sessionToken: "T",
  roleArn: "arn:aws:iam::123456789012:role/r",
  accountId: "123456789012",
  expiration: { epochMs: NOW + 600_000, text: "2026-01-01T00:10:00Z" },
};

describe("expectations", () => {
  it("hold", () => {
    expect(() =>
      checkExpectations(KEYS, { role: "r", account: "123456789012", minTtlMs: 600_000 }, NOW),
    ).not.toThrow();
    expect(() => checkExpectations(KEYS, {}, NOW)).not.toThrow();
  });

  it("says of keys that end too early what decides it, also of an assumed role", () => {
    expect(() => checkExpectations(KEYS, { minTtlMs: 36_000_000 }, NOW)).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(/^keys in a file: export .* --duration .* an endpoint: it renews /),
      }),
    );
  });

  it.each([
    [{ role: "x" }, "unexpected-role", /expected the role x, found arn:aws:iam::123456789012:role\/r/],
    [{ account: "13" }, "unexpected-account", /expected the account 13, found 12/],
    [{ minTtlMs: 36_000_000 }, "too-little-time", /at least 10 h 0 min, found 10 min left/],
  ])("%j does not", (expected, id, message) => {
    expect(() => checkExpectations(KEYS, expected, NOW)).toThrow(
      expect.objectContaining({ id, exitCode: 1, message: expect.stringMatching(message) }),
    );
  });

  it.each([{ role: "*" }, { account: "123456789012" }])(
    "%j does not hold for keys that tell nothing",
    (expected) => {
      expect(() => checkExpectations({ accessKeyId: "A", secretAccessKey: "S" }, expected, NOW)).toThrow(
        /name none/,
      );
    },
  );

  const STS = "arn:aws:sts::123456789012:assumed-role/r/session";
  const asked = (arn: string, account = "123456789012") => ({
    source: "the endpoint",
    caller: { arn, account, userId: "U" },
  });

  it("what STS says counts, whatever the endpoint names", () => {
    const lying = { ...KEYS, roleArn: "arn:aws:iam::343434343434:role/other", accountId: "343434343434" };
    expect(() =>
      checkExpectations(lying, { role: "r", account: "123456789012" }, NOW, asked(STS)),
    ).not.toThrow();
    expect(() => checkExpectations(lying, { role: "other" }, NOW, asked(STS))).toThrow(
      expect.objectContaining({
        id: "unexpected-role",
        message: `expected the role other; the endpoint names arn:aws:iam::343434343434:role/other, and STS says ${STS}`,
      }),
    );
    expect(() => checkExpectations(lying, { account: "343434343434" }, NOW, asked(STS))).toThrow(
      expect.objectContaining({
        id: "unexpected-account",
        message:
          "expected the account 343434343434; the endpoint names 343434343434, and STS says 123456789012",
      }),
    );
  });

  it("both halves are said where the endpoint names nothing", () => {
    const { roleArn: _, accountId: __, ...silent } = KEYS;
    expect(() => checkExpectations(silent, { role: "x" }, NOW, asked(STS))).toThrow(
      `expected the role x; the endpoint does not name the role, and STS says ${STS}`,
    );
    expect(() => checkExpectations(silent, { account: "1" }, NOW, asked(STS))).toThrow(
      "expected the account 1; the endpoint does not name the account, and STS says 123456789012",
    );
  });

  it("a user's keys are of no role", () => {
    const user = asked("arn:aws:iam::123456789012:user/r");
    expect(() => checkExpectations(KEYS, { role: "*" }, NOW, user)).toThrow(
      /STS says arn:aws:iam::123456789012:user/,
    );
  });

  it("a user's own keys live for ever, temporary ones without an expiry cannot be trusted to", () => {
    const { expiration: _, sessionToken: __, ...own } = KEYS;
    expect(() => checkExpectations(own, { minTtlMs: 1 }, NOW)).not.toThrow();
    expect(() => checkExpectations({ ...own, sessionToken: "T" }, { minTtlMs: 1 }, NOW)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/without an expiry$/),
        hint: expect.stringMatching(/^nothing says when these keys expire: /),
      }),
    );
  });

  it.each([
    [-1, "0 ms left"],
    [0, "0 ms left"],
    [1999, "1 s left"],
  ])("keys of any kind whose end is %i ms away have no more time left than that", (left, words) => {
    const own = { accessKeyId: "A", secretAccessKey: "S", expiration: { epochMs: NOW + left, text: "" } };
    for (const keys of [own, { ...own, sessionToken: "T" }])
      expect(() => checkExpectations(keys, { minTtlMs: 2000 }, NOW)).toThrow(
        `expected credentials valid for at least 2 s, found ${words}`,
      );
  });
});

describe("STS is asked", () => {
  const { roleArn, accountId } = KEYS;
  const own = { accessKeyId: "A", secretAccessKey: "S" };

  it.each([
    ["role", { role: "r" }, { ...own, accountId }],
    ["account", { account: "1" }, { ...own, roleArn }],
    ["role and account", { role: "r", account: "1" }, own],
    ["role", { role: "r", account: "1" }, { ...own, accountId }],
    ["account", { role: "r", account: "1" }, { ...own, roleArn }],
    [undefined, { role: "r", account: "1" }, KEYS],
    [undefined, { minTtlMs: 1 }, own],
    [undefined, {}, own],
  ])("for the %s, where %j is expected of %j", (what, expected, credentials) => {
    expect(unnamed(credentials, expected)).toBe(what);
  });
});
