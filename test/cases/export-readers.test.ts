import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { outcomeOf } from "../support/outcome-of.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
let endpoint: CredentialEndpoint;

beforeAll(async () => {
  // As the EKS agent gives it: nanoseconds, which Go's, Java's and Python's readers of files refuse.
  endpoint = await startCredentialEndpoint({ fields: { Expiration: "2099-06-01T12:00:00.999999999+02:00" } });
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

const EXPIRY = "2099-06-01T10:00:00Z";
const works = (name: string, ...args: string[]) => spawnSync(name, args).status === 0;

/** Asynchronous, since the endpoint lives in this process. */
async function run(file: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(file, args, {
    env: {
      PATH: process.env.PATH,
      HOME: folder.path,
      NODE,
      FILE: BUILT_FILE,
      ENDPOINT: endpoint.uri,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcomeOf(child);
}

const EXPORT = '"$NODE" "$FILE" export --uri "$ENDPOINT" --format';

describe.concurrent("who reads what export writes", () => {
  for (const shell of ["sh", "bash", "zsh"]) {
    const here = works(shell, "-c", "exit");
    it.skipIf(!here)(`${shell}: env $(…) COMMAND, export $(…), grep | cut`, async () => {
      // zsh splits an unquoted $(…) as others do, but no parameter.
      const script = `
        env $(${EXPORT} env-no-export) printenv AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN
        export $(${EXPORT} env-no-export); printenv AWS_CREDENTIAL_EXPIRATION
        ${EXPORT} env-no-export | grep ^AWS_ACCESS_KEY_ID= | cut -d= -f2
        eval "$(${EXPORT} env)"; printenv AWS_CREDENTIAL_EXPIRATION`;
      const { stdout, stderr } = await run(shell, ["-c", script]);
      const [id, token, ...rest] = stdout.split("\n");
      expect(stderr).toBe("");
      expect(id).toMatch(/^ASIA\w+$/);
      expect(token).toMatch(/^IQoJ/);
      expect(rest).toEqual([EXPIRY, expect.stringMatching(/^ASIA\w+$/), EXPIRY, ""]);
    });
  }

  it("env-no-export is NAME=VALUE lines alone, as docker run --env-file and GITHUB_ENV read them", async () => {
    const { stdout } = await runBuilt(["export", "--uri", endpoint.uri, "--format", "env-no-export"]);
    expect(stdout.trimEnd().split("\n")).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^AWS_SESSION_TOKEN=IQoJ/),
        `AWS_CREDENTIAL_EXPIRATION=${EXPIRY}`,
      ]),
    );
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^AWS_\w+=[^'"\s]+$/);
  });

  it.skipIf(!works("aws", "--version"))("the AWS CLI takes it as credential_process", async () => {
    writeFileSync(
      folder.at("config"),
      `[default]\ncredential_process = "${NODE}" "${BUILT_FILE}" export --format process --uri "${endpoint.uri}"\n`,
    );
    const env = {
      AWS_CONFIG_FILE: folder.at("config"),
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      LANG: "C.UTF-8",
    };
    const { stdout, stderr } = await run("aws", ["configure", "list"], env);
    expect(stdout, stderr).toMatch(/^ *access_key +\S+ +custom-process/m);
  });

  it.skipIf(!works("aws", "--version"))("the AWS CLI takes a section that was merged", async () => {
    const file = folder.at("merged");
    writeFileSync(file, "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n");
    const args = [
      "export",
      "--uri",
      endpoint.uri,
      "--format",
      "ini",
      "--ini-section",
      "build",
      "--output",
      file,
    ];
    expect(await runBuilt(args)).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const env = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: file, LANG: "C.UTF-8" };
    const get = (profile: string) =>
      run("aws", ["configure", "get", "aws_access_key_id", "--profile", profile], env);
    expect((await get("build")).stdout).toMatch(/^ASIA/);
    expect((await get("other")).stdout).toBe("AKIAOTHER\n");
  });

  it.each(["env", "env-no-export", "fish", "powershell", "windows-cmd", "process", "ini"])(
    "--credentials-file takes what --format %s has written, with its expiry",
    async (format) => {
      const file = folder.at(`written.${format}`);
      const written = await runBuilt(["export", "--uri", endpoint.uri, "--format", format, "--output", file]);
      expect(written).toMatchObject({ code: 0, stderr: "" });
      for (const [name, encode] of [
        ["utf8", (text: string) => Buffer.from(text)],
        ["utf16", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
      ] as const) {
        writeFileSync(`${file}.${name}`, encode(readFileSync(file, "utf8")));
        const { code, stdout, stderr } = await runBuilt([
          "verify",
          "--json",
          "--credentials-file",
          `${file}.${name}`,
        ]);
        expect(code, stderr).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ expiration: EXPIRY, hasSessionToken: true });
      }
    },
  );
});

describe.concurrent("export --output and a file of profiles", () => {
  const write = (file: string, ...args: string[]) =>
    runBuilt(["export", "--uri", endpoint.uri, "--output", file, ...args]);
  const OTHERS =
    "# mine\r\n[other]\r\naws_access_key_id=AKIA\r\n\r\n[default]\r\naws_access_key_id=OLD\r\noutput=json\r\n[last]\r\nx = \t y";

  it("replaces its own section alone, the rest stays byte for byte, with mode 0600", async () => {
    mkdirSync(folder.at("one"));
    const file = folder.at("one", "credentials");
    writeFileSync(file, OTHERS, { mode: 0o644 });
    expect(await write(file, "--format", "ini")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const text = readFileSync(file, "latin1");
    const [before, after] = [OTHERS.indexOf("[default]"), OTHERS.indexOf("output=json")];
    expect(text.slice(0, before)).toBe(OTHERS.slice(0, before));
    expect(text.endsWith(OTHERS.slice(after))).toBe(true);
    const ours = text.slice(before, text.length - (OTHERS.length - after));
    expect(ours).toMatch(/^\[default\]\r\naws_access_key_id = ASIA\w+\r\n/);
    expect(ours).toContain(`aws_credential_expiration = ${EXPIRY}\r\n`);
    expect(text).not.toContain("OLD");
    expect(statSync(file).mode & 0o7777).toBe(0o600);
    expect(readdirSync(folder.at("one"))).toEqual(["credentials"]);
    // Once more: nothing piles up.
    await write(file, "--format", "ini");
    expect(readFileSync(file, "latin1").length).toBe(text.length);
  });

  it("takes the profiles from where a link of ours leads, and replaces the link", async () => {
    writeFileSync(folder.at("target"), "[other]\nx = 1\n");
    symlinkSync("target", folder.at("link"));
    expect(await write(folder.at("link"), "--format", "ini")).toMatchObject({ code: 0 });
    expect(readFileSync(folder.at("link"), "utf8")).toMatch(/^\[other\]\nx = 1\n\n\[default\]\n/);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("[other]\nx = 1\n");
  });

  it.each(["env", "process", "fish"])("is not replaced by --format %s", async (format) => {
    const file = folder.at(`profiles.${format}`);
    writeFileSync(file, OTHERS);
    const { code, stderr } = await write(file, "--format", format);
    expect(code).toBe(255);
    expect(stderr).toContain(`refusing to replace ${file} with --format ${format}: it holds profiles`);
    expect(readFileSync(file, "utf8")).toBe(OTHERS);
  });

  it("a file of another kind is replaced, as ever", async () => {
    const file = folder.at("of-env");
    writeFileSync(file, "export A=1\n");
    expect(await write(file, "--format", "ini")).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toMatch(/^\[default\]\n/);
    expect(await write(folder.at("of-env-2"))).toMatchObject({ code: 0 });
    expect(await write(folder.at("of-env-2"))).toMatchObject({ code: 0 });
  });

  it.skipIf(process.getuid?.() !== 0 || !works("unshare", "-m", "true"))(
    "says so when the file is a mount",
    async () => {
      const file = folder.at("mounted");
      writeFileSync(file, "[other]\nx = 1\n");
      const script = `mount --bind '${file}' '${file}' && exec "$NODE" "$FILE" export --uri "$ENDPOINT" --format ini --output '${file}'`;
      const { code, stderr } = await run("unshare", ["-m", "sh", "-c", script]);
      expect(code).toBe(255);
      expect(stderr).toBe(
        `fetch-creds: cannot write ${file}: it is a mount, and cannot be replaced\n  A file that is mounted by itself cannot be replaced: mount its folder, or write next to it and copy.\n`,
      );
      expect(readFileSync(file, "utf8")).toBe("[other]\nx = 1\n");
      expect(existsSync(`${file}.fetch-creds`)).toBe(false);
    },
  );
});
