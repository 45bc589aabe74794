import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { outcomeOf } from "../support/outcome-of.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

let endpoint: CredentialEndpoint;
const folder = temporaryFolder();
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

beforeAll(async () => {
  // A token with all that a shell obeys.
  endpoint = await startCredentialEndpoint({
    fields: { Token: "a'b\"c$d`e\\f!g%h^i&j;k|l<m>n(o)p*q?r#s~t u" },
  });
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

/** Asynchronous, since the endpoint lives in this process. */
async function shell(name: string, script: string, env: Record<string, string> = {}) {
  const { spawn } = await import("node:child_process");
  const child = spawn(name, ["-c", script], {
    env: {
      PATH: process.env.PATH,
      HOME: folder.path,
      NODE,
      FILE: BUILT_FILE,
      ENDPOINT: endpoint.uri,
      ...env,
    },
  });
  return outcomeOf(child);
}

const TOKEN = "a'b\"c$d`e\\f!g%h^i&j;k|l<m>n(o)p*q?r#s~t u";
const OLD = Object.fromEntries(
  [
    "AWS_SECURITY_TOKEN AWS_DELEGATION_TOKEN AWS_ACCESS_KEY AWS_SECRET_KEY AWS_CREDENTIAL_SCOPE AWS_CREDENTIAL_FILE",
    "AWS_ACCOUNT_ID AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE",
    "AMAZON_ACCESS_KEY_ID AMAZON_SECRET_ACCESS_KEY AMAZON_SESSION_TOKEN",
  ].flatMap((names) => names.split(" ").map((each) => [each, "others"])),
);
const POSIX = ["sh", "dash", "bash", "zsh"];
const installed = (name: string) => spawnSync(name, ["-c", "exit"]).error === undefined;

describe.concurrent("fetch-creds.js export", () => {
  for (const name of POSIX) {
    it.skipIf(!installed(name))(`${name}: eval sets, exports and clears`, async () => {
      const { code, stdout } = await shell(
        name,
        'AWS_SECURITY_TOKEN=old; export AWS_SECURITY_TOKEN; eval "$("$NODE" "$FILE" export --uri "$ENDPOINT")" && printf "%s\\n" "$AWS_SESSION_TOKEN" "${AWS_SECURITY_TOKEN-cleared}" "$AWS_REGION" "$AWS_DEFAULT_REGION" && env | grep -c "^AWS_ACCESS_KEY_ID=ASIA"',
        { AWS_DEFAULT_REGION: "eu-west-1", AWS_REGION: "" },
      );
      expect({ code, lines: stdout.split("\n") }).toEqual({
        code: 0,
        lines: [TOKEN, "cleared", "eu-west-1", "eu-west-1", "1", ""],
      });
    });

    it.skipIf(!installed(name))(`${name}: nothing of other credentials remains`, async () => {
      const script =
        'eval "$("$NODE" "$FILE" export --uri "$ENDPOINT")" && env | grep -c others; env | grep ACCOUNT';
      expect((await shell(name, script, OLD)).stdout).toBe("0\nAWS_ACCOUNT_ID=123456789012\n");
    });

    it.skipIf(!installed(name))(`${name}: a failure makes the evaluation fail`, async () => {
      for (const wrong of ["export", "export --format bash", "export --fromat env", "export --min-ttl x"]) {
        const { stdout } = await shell(
          name,
          `eval "$("$NODE" "$FILE" ${wrong})" && echo went on || echo failed`,
        );
        expect({ wrong, stdout }).toEqual({ wrong, stdout: "failed\n" });
      }
    });
  }

  it.skipIf(!installed("fish"))("fish: source sets, exports and clears; a failure fails", async () => {
    const script =
      '"$NODE" "$FILE" export --format fish --uri "$ENDPOINT" | source; and printf "%s\\n" "$AWS_SESSION_TOKEN" (set -q AWS_SECURITY_TOKEN; or echo cleared) (env | grep -c "^AWS_ACCESS_KEY_ID=ASIA")';
    const { code, stdout } = await shell("fish", script, { AWS_SECURITY_TOKEN: "old" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${TOKEN}\ncleared\n1\n` });
    const rest = await shell("fish", `${script} >/dev/null; env | grep -c others; env | grep ACCOUNT`, OLD);
    expect(rest.stdout).toBe("0\nAWS_ACCOUNT_ID=123456789012\n");
    // And with nothing to clear, and by eval.
    expect((await shell("fish", script)).code).toBe(0);
    const evaluated = script.replace(/^(.*) \| source;/, "eval ($1);");
    expect((await shell("fish", evaluated)).stdout).toBe(`${TOKEN}\ncleared\n1\n`);
    const failed = await shell(
      "fish",
      '"$NODE" "$FILE" export --format fish | source; and echo went on; or echo failed',
    );
    expect(failed.stdout).toBe("failed\n");
  });

  it.each([
    ["env", "false\n"],
    ["fish", "false\n"],
    ["powershell", "throw 'fetch-creds: no credentials'\n"],
    ["env-no-export", ""],
    ["windows-cmd", ""],
    ["process", ""],
    ["ini", ""],
  ])("--format %s prints %j on failure", async (format, expected) => {
    const { code, stdout } = await runBuilt(["export", "--format", format]);
    expect({ code, stdout }).toEqual({ code: 253, stdout: expected });
    const usage = await runBuilt(["export", `--format=${format}`, "--nonsense"]);
    expect({ code: usage.code, stdout: usage.stdout }).toEqual({ code: 252, stdout: expected });
  });

  it("--if-available prints nothing", async () => {
    const { code, stdout, stderr } = await runBuilt(["export", "--if-available"]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    const found = await runBuilt(["export", "--if-available", "--uri", endpoint.uri]);
    expect(found).toMatchObject({ code: 0, stdout: expect.stringMatching(/^export AWS_ACCESS_KEY_ID=ASIA/) });
  });

  it("--output writes 0600 whatever the umask, and leaves nothing beside it", async () => {
    mkdirSync(folder.at("out"));
    for (const umask of ["000", "022", "077", "777"]) {
      const { code, stdout } = await shell(
        "sh",
        `umask ${umask}; "$NODE" "$FILE" export --uri "$ENDPOINT" --output '${folder.at("out", "keys")}'`,
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(statSync(folder.at("out", "keys")).mode & 0o7777).toBe(0o600);
    }
    expect(readdirSync(folder.at("out"))).toEqual(["keys"]);
  });

  it("--output replaces a link of our own, and what it points to stays", async () => {
    writeFileSync(folder.at("target"), "mine");
    symlinkSync(folder.at("target"), folder.at("link"));
    const { code } = await runBuilt(["export", "--uri", endpoint.uri, "--output", folder.at("link")]);
    expect(code).toBe(0);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("mine");
    expect(readFileSync(folder.at("link"), "utf8")).toContain("export AWS_ACCESS_KEY_ID=");
  });

  it("--output leaves an old file as it was when it fails", async () => {
    writeFileSync(folder.at("old"), "old");
    const { code, stdout } = await runBuilt(["export", "--output", folder.at("old")]);
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expect(readFileSync(folder.at("old"), "utf8")).toBe("old");
    const nowhere = await runBuilt(["export", "--uri", endpoint.uri, "--output", folder.at("no", "such")]);
    expect(nowhere.code).toBe(255);
    const into = await runBuilt(["export", "--uri", endpoint.uri, "--output", folder.path]);
    expect({ code: into.code, stderr: into.stderr }).toMatchObject({
      code: 255,
      stderr: expect.stringContaining("is a folder"),
    });
  });

  it("--output to /dev/stdout is written straight through", async () => {
    const { code, stdout } = await runBuilt(["export", "--uri", endpoint.uri, "--output", "/dev/stdout"]);
    expect(code).toBe(0);
    expect(stdout).toContain("export AWS_SECRET_ACCESS_KEY=");
  });

  it("--mask tells GitHub on stderr alone, and only when asked", async () => {
    const args = ["export", "--mask", "--format", "process", "--uri", endpoint.uri];
    const { stdout, stderr } = await runBuilt(args, { env: { GITHUB_ACTIONS: "true" } });
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
    expect(stderr.split("\n")).toEqual([
      `::add-mask::${AccessKeyId}`,
      `::add-mask::${SecretAccessKey}`,
      `::add-mask::${SessionToken.replaceAll("%", "%25")}`,
      "",
    ]);
    const without = await runBuilt(["export", "--uri", endpoint.uri], { env: { GITHUB_ACTIONS: "true" } });
    expect(without.stderr).toBe("");
  });

  it.each([[{}], [{ GITHUB_ACTIONS: "" }], [{ GITHUB_ACTIONS: "false" }], [{ CI: "true" }]])(
    "--mask is an error where nobody hides what it prints: %j",
    async (env) => {
      const own = await startCredentialEndpoint();
      const { code, stdout, stderr } = await runBuilt(["export", "--mask", "--uri", own.uri], { env });
      await own.close();
      expect({ code, stdout }).toEqual({ code: 252, stdout: "false\n" });
      expect(stderr).toMatch(/^fetch-creds: --mask works only in a step of GitHub Actions: .*\n {2}.*\n$/);
      expect(own.requests).toEqual([]);
    },
  );

  it("--ini-section needs --format ini", async () => {
    const args = ["export", "--uri", endpoint.uri, "--ini-section", "build"];
    expect((await runBuilt(args)).code).toBe(252);
    const { code, stdout } = await runBuilt([...args, "--format", "ini"]);
    // This token has a ` u`, no comment sign after a space: an INI file can hold it.
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first: "[build]" });
  });
});
