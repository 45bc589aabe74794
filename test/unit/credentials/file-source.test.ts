import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { optionFileSource } from "../../../src/credentials/file-source.js";
import { testContext } from "../../support/test-context.js";

const sts = () => Promise.reject(new Error("STS is not asked here"));
const LINES = "AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "file-source-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function file(text: string): string {
  const path = join(folder(), "file");
  writeFileSync(path, text);
  return path;
}

describe("a credentials file that an option names", () => {
  it("may be missing or empty where that is allowed, and holds keys where it is not", async () => {
    const search = { sts, ifAvailable: true };
    for (const path of ["/proc/nowhere", file("")])
      expect(await optionFileSource(path, search, testContext())).toBeUndefined();
    expect(await optionFileSource(file(LINES), search, testContext())).toBeDefined();
    await expect(optionFileSource("/proc/nowhere", { sts }, testContext())).rejects.toMatchObject({
      id: "credentials-file-unreadable",
    });
    await expect(optionFileSource(file(""), { sts }, testContext())).rejects.toMatchObject({
      id: "credentials-file-malformed",
    });
  });

  it.each([
    [undefined, 30_000, "30 s"],
    [5000, 5000, "5 s"],
  ])("that is a fifo is waited for: with a budget of %s, %i ms", async (timeoutMs, waited, said) => {
    const path = join(folder(), "fifo");
    execFileSync("mkfifo", [path]);
    // Held open, so that its end does not come.
    const held = openSync(path, constants.O_RDWR);
    onTestFinished(() => closeSync(held));
    const sleeps: number[] = [];
    const context = testContext({}, { sleep: async (ms) => void sleeps.push(ms) });
    await expect(optionFileSource(path, { sts, timeoutMs }, context)).rejects.toMatchObject({
      id: "credentials-file-unreadable",
      message: `cannot read the credentials file ${path}: nothing came within ${said}`,
    });
    expect(sleeps).toEqual([waited]);
  });

  it("is not mixed with what the environment says", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "AKIAENV",
      AWS_SECRET_ACCESS_KEY: "S",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/deploy",
    };
    await expect(
      optionFileSource(file("[default]\nregion=eu-west-1\n"), { sts }, testContext(env)),
    ).rejects.toMatchObject({ id: "profile-without-keys" });
  });

  it.each([[undefined], [""]])("gives its default where the profile is %j", async (profile) => {
    const text = "[default]\naws_access_key_id=D\naws_secret_access_key=S\n";
    const source = await optionFileSource(file(text), { sts, profile }, testContext());
    expect((await source?.fetch())?.credentials.accessKeyId).toBe("D");
  });

  it("refuses keys from the moment on at which they end", async () => {
    const text = `${LINES}AWS_CREDENTIAL_EXPIRATION=2026-01-01T00:00:00Z\n`;
    const fetched = async (now: number) => {
      const context = testContext({}, { now: () => now });
      return (await optionFileSource(file(text), { sts }, context))?.fetch();
    };
    expect(await fetched(Date.UTC(2026, 0, 1) - 1)).toHaveProperty("credentials.accessKeyId", "A");
    await expect(fetched(Date.UTC(2026, 0, 1))).rejects.toMatchObject({ id: "credentials-file-expired" });
  });

  it("is refused whose profile names an sso_session that is not there", async () => {
    const text = "[default]\nsso_session = x\naws_access_key_id=D\naws_secret_access_key=S\n";
    await expect(optionFileSource(file(text), { sts }, testContext())).rejects.toMatchObject({
      id: "sso-session",
    });
  });
});
