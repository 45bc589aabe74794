import { describe, expect, it } from "vitest";
import { checkExpectations } from "../../../src/credentials/expectations.js";

const NOW = Date.UTC(2026, 0, 1);
const KEYS = {
  accessKeyId: "A",
  secretAccessKey: "S",
  sessionToken: "T",
  roleArn: "arn:aws:iam::12:role/r",
  accountId: "12",
  expiration: { epochMs: NOW + 600_000, text: "2026-01-01T00:10:00Z" },
};

describe("expectations", () => {
  it("hold", () => {
    expect(() => checkExpectations(KEYS, { role: "r", account: "12", minTtlMs: 600_000 }, NOW)).not.toThrow();
    expect(() => checkExpectations(KEYS, {}, NOW)).not.toThrow();
  });

  it.each([
    [{ role: "x" }, "unexpected-role", /expected the role x, found arn:aws:iam::12:role\/r/],
    [{ account: "13" }, "unexpected-account", /expected the account 13, found 12/],
    [{ minTtlMs: 36_000_000 }, "too-little-time", /at least 10 h 0 min, found 10 min left/],
  ])("%j does not", (expected, id, message) => {
    expect(() => checkExpectations(KEYS, expected, NOW)).toThrow(
      expect.objectContaining({ id, exitCode: 1, message: expect.stringMatching(message) }),
    );
  });

  it.each([{ role: "*" }, { account: "12" }])("%j does not hold for keys that tell nothing", (expected) => {
    expect(() => checkExpectations({ accessKeyId: "A", secretAccessKey: "S" }, expected, NOW)).toThrow(
      /name none/,
    );
  });

  it("a user's own keys live for ever, temporary ones without an expiry cannot be trusted to", () => {
    const { expiration: _, sessionToken: __, ...own } = KEYS;
    expect(() => checkExpectations(own, { minTtlMs: 1 }, NOW)).not.toThrow();
    expect(() => checkExpectations({ ...own, sessionToken: "T" }, { minTtlMs: 1 }, NOW)).toThrow(
      /without an expiry/,
    );
  });
});
