import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const ROLE = "arn:aws:iam::123456789012:role/service-role/codebuild-app";

let endpoint: CredentialEndpoint;
let server: S3Server;
const folder = temporaryFolder();

beforeAll(async () => {
  endpoint = await startCredentialEndpoint();
  server = await startS3Server({ keys: endpoint.keys });
});
afterAll(async () => {
  await Promise.all([endpoint.close(), server.close()]);
  folder.remove();
});

describe.concurrent("fetch-creds.js [verify]", () => {
  it("runs without a verb and shows aligned lines without a secret", async () => {
    const { code, stdout, stderr } = await runBuilt([], { env: { [FULL_URI]: endpoint.uri } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.slice(0, 12).trimEnd())).toEqual([
      "Role",
      "Account",
      "Access key",
      "Expires",
      "Source",
      "Endpoint",
      "Region",
    ]);
    expect(lines[0]).toContain(ROLE);
    expect(lines[2]).toMatch(/ \*{16}[A-Z0-9]{4}$/);
    expect(lines[3]).toMatch(/ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(59 min left\)$/);
    expect(lines[4]).toContain(FULL_URI);
    expect(lines[5]).toMatch(/ http:\/\/127\.0\.0\.1:\d+\/v2\/credentials\/7f0c…$/);
    for (const { accessKeyId, secretAccessKey, sessionToken } of endpoint.issued)
      for (const secret of [accessKeyId, secretAccessKey, sessionToken]) expect(stdout).not.toContain(secret);
  });

  it("--json", async () => {
    const { code, stdout } = await runBuilt(["--json", "--uri", endpoint.uri]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      available: true,
      roleArn: ROLE,
      accountId: "123456789012",
      // Made up by the test's endpoint: some hold an account, some do not.
      accessKeyAccountId: expect.toSatisfy((id) => id === null || /^\d{12}$/.test(id)),
      accessKeyId: expect.stringMatching(/^\*{16}[A-Z0-9]{4}$/),
      expiration: expect.stringMatching(/Z$/),
      secondsLeft: expect.any(Number),
      hasSessionToken: true,
      source: {
        kind: "container",
        name: "--uri",
        place: "option",
        address: endpoint.url,
        path: "/v2/credentials/7f0c…",
        roleArn: null,
        base: null,
      },
      region: null,
      caller: null,
      from: {
        roleArn: "endpoint",
        accountId: "endpoint",
        accessKeyAccountId: expect.toSatisfy((from) => from === null || from === "accessKeyId"),
      },
      named: { roleArn: ROLE, accountId: "123456789012" },
      differs: null,
    });
  });

  it("--raw prints the endpoint's body as curl would", async () => {
    const { code, stdout } = await runBuilt(["verify", "--raw", `--uri=${endpoint.uri}`]);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      "RoleArn",
      "AccessKeyId",
      "SecretAccessKey",
      "Token",
      "Expiration",
    ]);
  });

  it("--sts asks who the keys belong to", async () => {
    const args = ["verify", "--sts", "--endpoint-url-sts", server.url, "--uri", endpoint.uri];
    const { code, stdout, stderr } = await runBuilt(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^STS says {4}arn:aws:sts::123456789012:assumed-role\/codebuild-app\//m);
    const json = await runBuilt([...args, "--json"]);
    expect(JSON.parse(json.stdout).caller).toEqual({
      arn: expect.stringMatching(/^arn:aws:sts::123456789012:assumed-role\/codebuild-app\//),
      account: "123456789012",
      userId: expect.any(String),
    });
  });

  it.each([
    [["--expect-role", ROLE], 0],
    [["--expect-role", "codebuild-app"], 0],
    [["--expect-role", "code*"], 0],
    [["--expect-role", "arn:aws:sts::123456789012:assumed-role/codebuild-app/session"], 0],
    [["--expect-role", "other"], 1],
    [["--expect-account", "123456789012"], 0],
    [["--expect-account", "210987654321"], 1],
    [["--min-ttl", "15m"], 0],
    [["--min-ttl", "3h"], 1],
    [["--min-ttl", "soon"], 252],
    [["--timeout", "long"], 252],
    [["--raw", "--json"], 252],
    [["--endpoint-url-sts", "http://x"], 252],
    [["operand"], 252],
    [["--sts", "--endpoint-url-sts", "nonsense"], 252],
  ])("%j: exit %i", async (args, expected) => {
    const { code, stdout, stderr } = await runBuilt(["verify", "--uri", endpoint.uri, ...args]);
    expect(code).toBe(expected);
    if (code === 0) {
      expect(stdout).toMatch(new RegExp(`^Role +${ROLE}$`, "m"));
      return;
    }
    // What --json makes of it: failures-as-json.test.ts.
    if (!args.includes("--json")) expect(stdout).toBe("");
    expect(stderr).toMatch(/^fetch-creds: .*\n {2}.*\n$/);
  });

  it("--if-available: nothing configured is no failure, configured and unusable is one", async () => {
    const none = await runBuilt(["verify", "--if-available"]);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 0, stdout: "" });
    expect(none.stderr).toMatch(/^fetch-creds: .*verify does nothing.*\n$/);
    const json = await runBuilt(["verify", "--if-available", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ available: false });
    const unusable = await runBuilt(["verify", "--if-available"], { env: { [FULL_URI]: "ftp://x/y" } });
    expect(unusable.code).toBe(253);
  });

  it("says nothing when its reader went away", async () => {
    const command = `"${process.env.FETCH_CREDS_NODE ?? process.execPath}" "${BUILT_FILE}" export --help`;
    const { stdout, stderr } = spawnSync("sh", ["-c", `${command} | true`]);
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({ stdout: "", stderr: "" });
    // It is a lot that nobody reads there.
    expect(spawnSync("sh", ["-c", `${command} | cat`]).stdout.toString()).toMatch(/^Usage: node /);
  });

  it("says so when its response cannot be written", async () => {
    const script = `"${process.env.FETCH_CREDS_NODE ?? process.execPath}" "${BUILT_FILE}" --help > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", script]);
    expect(status).toBe(255);
    expect(stderr.toString()).toMatch(/^fetch-creds: cannot write to standard output.*\n {2}.*\n$/);
  });

  it.skipIf(!existsSync("/usr/bin/python3"))(
    "waits for the reader of a full pipe that someone made non-blocking",
    async () => {
      const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
      const script = resolve(import.meta.dirname, "../support/full-pipe.py");
      const command = [node, BUILT_FILE, "export", "--format", "process", "--uri", endpoint.uri];
      const { stdout, stderr } = await promisify(execFile)("/usr/bin/python3", [script, ...command]);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject({ Version: 1 });
    },
  );

  it("never takes keys from the environment", async () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
    const { code, stdout, stderr } = await runBuilt([], { env });
    expect({ code, stdout }).toEqual({ code: 253, stdout: "" });
    expect(stderr).toMatch(/^fetch-creds: /);
  });

  it("reads what export --output wrote, in every format that is a file of keys", async () => {
    for (const format of ["env", "env-no-export", "process", "ini"]) {
      const file = folder.at(format);
      const made = await runBuilt(["export", "--format", format, "--output", file, "--uri", endpoint.uri]);
      expect({ code: made.code, stdout: made.stdout, stderr: made.stderr }).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
      });
      const { code, stdout } = await runBuilt(["verify", "--json", "--credentials-file", file]);
      expect({ format, code }).toEqual({ format, code: 0 });
      expect(JSON.parse(stdout).source).toMatchObject({
        kind: "credentials-file",
        name: "--credentials-file",
      });
    }
  });
});
