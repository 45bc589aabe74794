import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, closeSync, copyFileSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt, startBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
let endpoint: CredentialEndpoint;
const folder = temporaryFolder();

beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

/** util-linux: runs a command on a terminal of its own. */
const hasScript = spawnSync("script", ["--version"]).error === undefined;

const hasAws = spawnSync("aws", ["--version"]).status === 0;

const STALE = {
  AWS_ACCESS_KEY_ID: "old",
  AWS_SECRET_ACCESS_KEY: "old",
  AWS_SESSION_TOKEN: "old",
  AWS_SECURITY_TOKEN: "old",
  AWS_CREDENTIAL_EXPIRATION: "old",
  AWS_PROFILE: "old",
  AWS_DEFAULT_PROFILE: "old",
  AWS_ROLE_ARN: "old",
  AWS_ROLE_SESSION_NAME: "old",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/old",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: "old",
  AWS_ACCOUNT_ID: "210987654321",
  AWS_CREDENTIAL_SCOPE: "old",
  AWS_ACCESS_KEY: "old",
  AWS_SECRET_KEY: "old",
  AWS_DELEGATION_TOKEN: "old",
  AWS_CREDENTIAL_FILE: "/old",
  AMAZON_ACCESS_KEY_ID: "old",
  AMAZON_SECRET_ACCESS_KEY: "old",
  AMAZON_SESSION_TOKEN: "old",
};

/** What was given, and not by runBuilt itself. */
const environmentOf = (stdout: string) =>
  Object.fromEntries(
    stdout
      .split("\0")
      .filter((line) => line !== "" && line !== "HOME=/nonexistent")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

describe.concurrent("fetch-creds.js exec", () => {
  it("gives the command fresh keys and takes stale ones away", async () => {
    const env = { ...STALE, [FULL_URI]: endpoint.uri, OTHER: "kept", AWS_REGION: "eu-west-1" };
    const { code, stdout, stderr } = await runBuilt(["exec", "--", "env", "-0"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { PATH, ...seen } = environmentOf(stdout);
    expect(PATH).toBe(process.env.PATH);
    expect(seen).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.stringMatching(/^IQoJ/),
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/Z$/),
      AWS_ACCOUNT_ID: "123456789012",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      OTHER: "kept",
    });
    expect(endpoint.issued.map(({ secretAccessKey }) => secretAccessKey)).toContain(
      seen.AWS_SECRET_ACCESS_KEY,
    );
  });

  it("--refreshable gives it the endpoint in place of keys", async () => {
    const env = { ...STALE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "" };
    const args = ["exec", "--refreshable", "--uri", endpoint.uri, "--", "env", "-0"];
    const { code, stdout } = await runBuilt(args, { env: { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: "" } });
    expect(code).toBe(0);
    const { PATH, ...seen } = environmentOf(stdout);
    expect(seen).toEqual({ [FULL_URI]: endpoint.uri });
  });

  it("--refreshable: what wins in ~/.aws does not win over the endpoint", async () => {
    mkdirSync(folder.at("home", ".aws"), { recursive: true });
    const keys = "aws_access_key_id = AKIAFROMTHEFILE00000\naws_secret_access_key = secret\n";
    writeFileSync(folder.at("home", ".aws", "credentials"), `[default]\n${keys}`);
    writeFileSync(folder.at("home", ".aws", "config"), `[default]\nregion = eu-west-1\n${keys}`);
    const env = { HOME: folder.at("home") };
    const args = ["exec", "--debug", "--refreshable", "--uri", endpoint.uri, "--"];
    const { stdout, stderr } = await runBuilt([...args, "env", "-0"], { env });
    const { PATH, ...seen } = environmentOf(stdout);
    expect(seen).toEqual({
      [FULL_URI]: endpoint.uri,
      HOME: folder.at("home"),
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
    });
    expect(stderr).toContain("~/.aws/credentials would win over the endpoint");
  });

  it.skipIf(!hasAws)("--refreshable: the AWS CLI has the endpoint's role, whatever ~/.aws says", async () => {
    mkdirSync(folder.at("cli-home", ".aws"), { recursive: true });
    const keys = "aws_access_key_id = AKIAFROMTHEFILE00000\naws_secret_access_key = secret\n";
    writeFileSync(folder.at("cli-home", ".aws", "credentials"), `[default]\n${keys}`);
    writeFileSync(folder.at("cli-home", ".aws", "config"), `[default]\n${keys}`);
    const env = { HOME: folder.at("cli-home"), AWS_EC2_METADATA_DISABLED: "true", LANG: "C.UTF-8" };
    const args = ["exec", "--refreshable", "--uri", endpoint.uri, "--", "aws", "configure", "list"];
    const { stdout, stderr } = await runBuilt(args, { env });
    expect(stdout, stderr).toMatch(/^ *access_key +\S+ +container-role/m);
  });

  it("waits for no fifo, be it the command or a file in ~/.aws", async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.at(".aws"));
    for (const name of [".aws/config", ".aws/credentials", "command"])
      execFileSync("mkfifo", ["-m", "755", folder.at(name)]);
    const run = (args: readonly string[]) =>
      runBuilt(["exec", "--uri", endpoint.uri, ...args], { env: { HOME: folder.path } });
    expect(await run(["--refreshable", "--", "echo", "ran"])).toMatchObject({ code: 0, stdout: "ran\n" });
    const asCommand = await run(["--", folder.at("command")]);
    expect(asCommand).toMatchObject({ code: 126, stdout: "", timedOut: false });
    expect(asCommand.stderr).toMatch(/cannot be run: permission denied/);
  });

  it("--refreshable refuses keys from a file", async () => {
    const file = folder.at("keys.json");
    writeFileSync(file, JSON.stringify({ AccessKeyId: "AKIAEXAMPLE", SecretAccessKey: "secret" }));
    const args = ["exec", "--refreshable", "--credentials-file", file, "--", "true"];
    const { code, stderr } = await runBuilt(args);
    expect(code).toBe(253);
    expect(stderr).toMatch(/^fetch-creds: --refreshable needs a credential endpoint/);
  });

  it.each([
    [[]],
    [["--expect-account", "123456789012"]],
    [["--expect-role", "app", "--min-ttl", "15m"]],
    [["--refreshable"]],
  ])("--if-available %j without a source runs the command without anybody's keys", async (guards) => {
    const env = { ...STALE, OTHER: "kept", AWS_REGION: "eu-west-1" };
    const args = ["exec", "--if-available", ...guards, "--", "env", "-0"];
    const { code, stdout } = await runBuilt(args, { env });
    const { PATH, ...seen } = environmentOf(stdout);
    expect({ code, seen }).toEqual({ code: 0, seen: { OTHER: "kept", AWS_REGION: "eu-west-1" } });
  });

  it("fails before the command runs when the role is another", async () => {
    const args = ["exec", "--uri", endpoint.uri, "--expect-role", "other", "--", "echo", "ran"];
    expect(await runBuilt(args)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^fetch-creds: expected the role other, found /),
    });
  });

  it.each([
    [["sh", "-c", "echo ran; exit 0"], 0],
    [["sh", "-c", "echo ran; exit 42"], 42],
    [["sh", "-c", "echo ran; exit 255"], 255],
    [["no-such-command-here"], 127],
    [["/no/such/path"], 127],
    [[""], 127],
    [["/"], 126],
    [["/etc/passwd"], 126],
  ])("%j ends with %i", async (command, expected) => {
    const { code, stdout, stderr } = await runBuilt(["exec", "--uri", endpoint.uri, "--", ...command]);
    expect({ code, stdout }).toEqual({ code: expected, stdout: command[0] === "sh" ? "ran\n" : "" });
    if (expected === 126 || expected === 127) expect(stderr).toMatch(/^fetch-creds: .*\n {2}.*\n$/);
  });

  it.each([
    [["aws s3 ls"], "aws s3 ls", "sh -c 'aws s3 ls'"],
    // Its value may be a secret.
    [["FOO=1", "env"], "FOO=…", "sh -c 'NAME=VALUE COMMAND'"],
    [["cd", "/"], "cd", "sh -c 'cd …'"],
  ])("%j: the failure says sh -c", async (command, shown, hint) => {
    const { code, stdout, stderr } = await runBuilt(["exec", "--uri", endpoint.uri, "--", ...command]);
    expect({ code, stdout }).toEqual({ code: 127, stdout: "" });
    expect(stderr).toContain(`fetch-creds: ${shown}: command not found\n`);
    expect(stderr).toContain(hint);
  });

  it.each([
    ["a script without a first line", "echo ran", 0, "ran\n"],
    ["a script", "#!/bin/sh\necho $0 $1", 0, "NAME one\n"],
    ["a script whose interpreter is missing", "#!/no/such/interpreter\n", 126, ""],
    ["an empty file", "", 0, ""],
  ])("%s", async (what, text, expected, output) => {
    const file = folder.at(what.replaceAll(" ", "-"));
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    const { code, stdout, stderr } = await runBuilt(["exec", "--uri", endpoint.uri, "--", file, "one"]);
    expect({ code, stdout }, stderr).toEqual({ code: expected, stdout: output.replace("NAME", file) });
    chmodSync(file, 0o644);
    expect((await runBuilt(["exec", "--uri", endpoint.uri, "--", file])).code).toBe(126);
  });

  it("leaves everything after -- to the command", async () => {
    const args = [
      "exec",
      "--uri",
      endpoint.uri,
      "--",
      "printf",
      "%s\\n",
      "--help",
      "--",
      "--debug",
      "-h",
      "",
    ];
    expect((await runBuilt(args)).stdout).toBe("--help\n--\n--debug\n-h\n\n");
  });

  it("passes standard input and both outputs through", async () => {
    const args = ["exec", "--uri", endpoint.uri, "--", "sh", "-c", "cat; echo problem >&2"];
    const { stdout, stderr } = await runBuilt(args, { input: "input" });
    expect({ stdout, stderr }).toEqual({ stdout: "input", stderr: "problem\n" });
  });

  it("ends as the command does when a signal ends it", async () => {
    const args = ["exec", "--uri", endpoint.uri, "--", "sh", "-c", "kill -KILL $$"];
    const { code, signal } = await runBuilt(args);
    // Replaced, we are the one that the signal ended; as a parent we end with 128+n.
    expect(signal ?? code).toBeOneOf(["SIGKILL", 137]);
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    it(`passes ${signal} on`, async () => {
      const script = "trap 'echo caught; exit 7' TERM INT HUP; echo ready; while :; do sleep 0.05; done";
      const { child, finished } = startBuilt(["exec", "--uri", endpoint.uri, "--", "sh", "-c", script]);
      await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
      child.kill(signal);
      const { code, stdout } = await finished;
      expect({ code, stdout }).toEqual({ code: 7, stdout: "ready\ncaught\n" });
    });

    it(`ends with 128+n when ${signal} ends the command`, async () => {
      const { child, finished } = startBuilt([
        "exec",
        "--uri",
        endpoint.uri,
        "--",
        "sh",
        "-c",
        "echo ready; exec sleep 60",
      ]);
      await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
      child.kill(signal);
      const ended = await finished;
      expect(ended).toMatchObject({ stdout: "ready\n", stderr: "" });
      expect(ended.signal ?? ended.code).toBeOneOf([signal, 128 + constants.signals[signal]]);
    });
  }

  it.skipIf(!hasScript)("leaves the terminal to the command, and Ctrl-C to the terminal", async () => {
    const file = folder.at("on-terminal");
    writeFileSync(
      file,
      "trap 'echo caught; exit 7' INT; test -t 0 && test -t 1 && echo a terminal; echo ready; while :; do sleep 0.05; done\n",
    );
    const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
    const line = `exec "${node}" "${BUILT_FILE}" exec --if-available -- sh "${file}"`;
    const child = spawn("script", ["-qec", line, "/dev/null"], { env: { PATH: process.env.PATH } });
    const ended = new Promise((resolve) => child.on("close", resolve));
    let said = "";
    child.stdout.on("data", (chunk) => {
      if (!said.includes("ready") && `${said}${chunk}`.includes("ready")) child.stdin.write("\x03");
      said += chunk;
    });
    expect(await ended).toBe(7);
    expect(said).toContain("a terminal");
    expect(said.split("caught").length).toBe(2);
  });

  it("does not leave SIGPIPE ignored", async () => {
    const args = ["exec", "--uri", endpoint.uri, "--", "sh", "-c", "grep SigIgn /proc/$$/status"];
    const { stdout } = await runBuilt(args);
    expect(stdout).toMatch(/SigIgn:\s+0+$/m);
  });

  it("takes a long command line", async () => {
    const long = "x".repeat(100_000);
    const { code, stdout } = await runBuilt([
      "exec",
      "--uri",
      endpoint.uri,
      "--",
      "printf",
      "%s%s",
      long,
      long,
    ]);
    expect({ code, length: stdout.length }).toEqual({ code: 0, length: 200_000 });
  });
});

describe("a command that the system does not start", () => {
  const keys = () => {
    writeFileSync(
      folder.at("keys"),
      "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n",
    );
    return ["--credentials-file", folder.at("keys")];
  };

  it("because somebody writes to it: 126", async () => {
    const busy = folder.at("busy");
    copyFileSync("/bin/true", busy);
    const open = openSync(busy, "r+");
    const { code, stderr } = await runBuilt(["exec", ...keys(), "--", busy]);
    closeSync(open);
    expect({ code, stderr }).toMatchObject({
      code: 126,
      stderr: expect.stringContaining(`${busy}: cannot be run: somebody is writing to it\n`),
    });
    expect((await runBuilt(["exec", ...keys(), "--", busy])).code).toBe(0);
  });

  it("because a script's interpreter is being written: 126", async () => {
    const busy = folder.at("busy-interpreter");
    copyFileSync("/bin/true", busy);
    writeFileSync(folder.at("busy-script"), `#!${busy}\n`, { mode: 0o755 });
    const open = openSync(busy, "r+");
    const { code, stderr } = await runBuilt(["exec", ...keys(), "--", folder.at("busy-script")]);
    closeSync(open);
    expect({ code, stderr }).toMatchObject({ code: 126, stderr: expect.stringContaining("writing to it") });
  });

  it("because a link leads to itself: 126", async () => {
    symlinkSync("loop", folder.at("loop"));
    const { code, stderr } = await runBuilt(["exec", ...keys(), "--", folder.at("loop")]);
    expect({ code, stderr }).toMatchObject({
      code: 126,
      stderr: expect.stringContaining("too many symbolic links"),
    });
  });

  it("because a token is too long for a variable: 126", async () => {
    const file = folder.at("long-token");
    writeFileSync(
      file,
      `AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=s\nAWS_SESSION_TOKEN=${"t".repeat(140_000)}\n`,
    );
    const { code, stderr } = await runBuilt(["exec", "--credentials-file", file, "--", "true"]);
    expect({ code, stderr }).toMatchObject({
      code: 126,
      stderr: expect.stringContaining("true: cannot be run: its arguments and environment are too long\n"),
    });
  });
});
