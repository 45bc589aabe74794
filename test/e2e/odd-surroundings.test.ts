import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { startCredentialEndpoint } from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../support/run-built.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;
/** Node 20 calls its permission model experimental. */
const PERMISSION =
  spawnSync(NODE, ["--permission", "-e", "0"]).status === 0 ? "--permission" : "--experimental-permission";

let folder: TemporaryFolder;
let keys: string[];
beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(folder.at("keys"), "AWS_ACCESS_KEY_ID=AKIAEXAMPLEEXAMPLE12\nAWS_SECRET_ACCESS_KEY=secret\n");
  keys = ["--credentials-file", folder.at("keys")];
});
afterAll(() => folder.remove());

const S3 = ["--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-1"];

describe("a working folder that was removed", () => {
  it.each([
    [["cp", "s3://b/k", "here", ...S3], 255],
    [["sync", ".", "s3://b", ...S3], 255],
    [["verify"], 0],
    [["exec", "--", "echo", "****LE12"], 0],
  ])("%j: exit %i, and no internal error", ([verb = "", ...rest], expected) => {
    const line = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"';
    const args = [NODE, BUILT_FILE, verb, ...keys, ...rest];
    const env = { PATH: process.env.PATH };
    const { status, stdout, stderr } = spawnSync("sh", ["-c", line, folder.at(`gone-${verb}`), ...args], {
      env,
    });
    const said = stderr.toString();
    expect({ status, said }).toMatchObject({ status: expected });
    // What verify prints of the key, and exec of its argument.
    expect(stdout.toString().includes("****LE12")).toBe(expected === 0);
    expect(said).not.toContain("internal error");
    if (expected !== 0)
      expect(said).toMatch(/^fetch-creds: the working folder does not exist any more\n {2}/);
  });
});

describe("Node's permission model", () => {
  const reading = [PERMISSION, "--allow-fs-read=*", "--no-warnings"];

  it.each([
    [["exec", "--", "true"], 126, /^fetch-creds: true: cannot be run: .*--allow-child-process/],
    [["export", "--output", "OUT"], 255, /^fetch-creds: cannot write /],
    [["verify"], 0, /^$/],
  ])("%j: exit %i, and no internal error", async ([verb = "", ...rest], expected, said) => {
    const args = [verb, ...keys, ...rest.map((word) => (word === "OUT" ? folder.at("out") : word))];
    const { code, stdout, stderr } = await runBuilt(args, { nodeOptions: reading });
    expect(stdout.includes("****LE12")).toBe(expected === 0);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(said) });
    expect(stderr).not.toContain("internal error");
  });
});

describe("NODE_DEBUG, by which Node prints what it handles,", () => {
  const SECRET = "SecretThatNodeWouldPrint0123456789abcdef";
  let asked: number;
  let endpoint: Awaited<ReturnType<typeof startCredentialEndpoint>>;
  beforeAll(async () => {
    endpoint = await startCredentialEndpoint({
      instead: () => {
        asked++;
        const keys = {
          SecretAccessKey: SECRET,
          AccessKeyId: "ASIAEXAMPLEEXAMPLE12",
          Token: `${SECRET}token`,
        };
        return { status: 200, body: JSON.stringify(keys) };
      },
    });
  });
  afterAll(() => endpoint.close());
  /** As text, or as Node shows bytes. */
  const shows = (text: string) =>
    text.includes(SECRET.slice(0, 8)) ||
    text.includes((Buffer.from(SECRET.slice(0, 8)).toString("hex").match(/../g) ?? []).join(" "));
  const run = (args: readonly string[], value: string) => {
    asked = 0;
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri, NODE_DEBUG: value };
    return runBuilt(args, { env });
  };

  it.each([
    ["*", "stream", ["verify"]],
    ["net,STREAM", "stream", ["export", "--format", "process"]],
    ["str*", "stream", ["ls", "s3://b", ...S3]],
    ["*", "stream", ["exec", "--", "true"]],
    ["child_process", "child_process", ["exec", "--", "true"]],
    ["fs,Child_Process", "child_process", ["exec", "--", "true"]],
  ])("%s is refused before anybody is asked, for %s: %j", async (value, section, args) => {
    const { code, stdout, stderr } = await run(args, value);
    expect({ code, stdout, asked }).toEqual({ code: 252, stdout: "", asked: 0 });
    // Node's own lines stand between.
    expect(stderr).toContain(`fetch-creds: NODE_DEBUG with ${section} makes Node print the credentials\n`);
  });

  it.each([
    ["http,https,net,tls,fs,timer,undici,fetch", ["verify"], 0],
    ["http,https,net,tls,fs,timer,undici,fetch", ["exec", "--", "true"], 0],
    ["child_process", ["verify"], 0],
    ["http,https,net,tls,fs,timer,undici,fetch", ["ls", "s3://b", ...S3], 255],
  ])("%s shows no secret, and is taken: %j", async (value, args, expected) => {
    const { code, stderr } = await run(args, value);
    expect({ code, asked }).toEqual({ code: expected, asked: 1 });
    expect(shows(stderr), stderr).toBe(false);
  });

  it("goes to the command that is to have it", async () => {
    const { code, stdout } = await run(
      ["exec", "--", "env", "NODE_DEBUG=child_process", "sh", "-c", "echo $NODE_DEBUG"],
      "",
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "child_process\n" });
  });
});

describe("--jitless", () => {
  it.each([
    [["cp", "s3://b/k", "here", ...S3], 255, /no WebAssembly.*\n {2}.*--jitless/],
    [["cp", "FILE", "s3://b/k", ...S3], 255, /no WebAssembly.*\n {2}.*--jitless/],
    [["ls", "s3://b", ...S3], 255, /ECONNREFUSED/],
    [["verify"], 0, /^/],
    [["exec", "--", "echo", "****LE12"], 0, /^/],
  ])("%j: exit %i, and no internal error", async ([verb = "", ...rest], expected, said) => {
    const args = [verb, ...keys, ...rest.map((word) => (word === "FILE" ? folder.at("keys") : word))];
    const { code, stdout, stderr } = await runBuilt(args, { nodeOptions: ["--jitless"], cwd: folder.path });
    expect(stdout.includes("****LE12")).toBe(expected === 0);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(said) });
    expect(stderr).not.toContain("internal error");
  });
});
