import { describe, expect, it, onTestFinished, vi } from "vitest";
import { environmentKeys } from "../../../src/credentials/environment-keys.js";
import { testContext } from "../../support/test-context.js";

const KEYS = { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "S" };
const DATE = "AWS_CREDENTIAL_EXPIRATION";
const NOW = Date.UTC(2026, 0, 1);

const keys = (env: Record<string, string>, now = NOW) =>
  environmentKeys(testContext({ ...KEYS, ...env }, { now: () => now }));
const fetched = async (env: Record<string, string>, now?: number) =>
  (await keys(env, now)?.fetch())?.credentials;

describe("keys in variables", () => {
  it("are those that are there, and no more", async () => {
    expect(await fetched({})).toStrictEqual({ accessKeyId: "A", secretAccessKey: "S" });
    expect(await fetched({ AWS_SESSION_TOKEN: "T" })).toStrictEqual({
      accessKeyId: "A",
      secretAccessKey: "S",
      sessionToken: "T",
    });
    expect(environmentKeys(testContext({ AWS_SECRET_ACCESS_KEY: "S" }))).toBeUndefined();
  });

  it.each([
    ["2030-01-02T03:04:05Z"],
    ["2030-01-02T04:04:05+01:00"],
    ["2030-01-02T03:04:05"],
    ["2030-01-02 03:04:05"],
    ["2030-01-02 03:04:05Z"],
    ["2030-01-02 04:04:05 +0100"],
    ["Wed, 02 Jan 2030 03:04:05 GMT"],
    ["2030-01-02 03:04:05 UTC"],
  ])("end at %s, wherever this machine is", async (text) => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    onTestFinished(() => void vi.unstubAllEnvs());
    // Or this test would show nothing.
    expect(new Date(0).getHours()).toBe(9);
    expect((await fetched({ [DATE]: text }))?.expiration).toEqual({
      epochMs: Date.UTC(2030, 0, 2, 3, 4, 5),
      text,
    });
  });

  it("are good until that moment, and not at it", async () => {
    const env = { [DATE]: "2026-01-01T00:00:00Z" };
    expect(await fetched(env, NOW - 1)).toBeDefined();
    await expect(fetched(env, NOW)).rejects.toMatchObject({
      id: "environment-keys",
      message: `the keys in the environment expired at 2026-01-01T00:00:00Z (${DATE}); the local clock says 2026-01-01T00:00:00.000Z`,
    });
  });

  it.each(["soon", "12"])("are refused with the date %j", (text) => {
    expect(() => keys({ [DATE]: `${text} o'clock` })).toThrow(
      expect.objectContaining({ id: "environment-keys", message: `${DATE} is not a date` }),
    );
  });

  it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])(
    "are refused with a line break in %s",
    (name) => {
      expect(() => keys({ [name]: "a\nb" })).toThrow(
        expect.objectContaining({
          id: "environment-keys",
          message: `${name} holds a line break or another control character`,
        }),
      );
    },
  );
});
