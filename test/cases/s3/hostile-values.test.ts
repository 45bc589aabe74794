import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { runBuilt } from "../../support/run-built.js";

const world = builtWorld();

/**
 * One of each kind through the built file; the others in this process: test/unit/commands/wrong-command-lines.test.ts.
 * Nothing listens anywhere but on loopback: what gets as far as a request ends with 255 or 1.
 */
const KEYS: Record<string, string> = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret-of-the-example",
};
const ls = (env: Record<string, string>, ...more: string[]) =>
  runBuilt(["ls", "s3://b", ...more], { env: { ...KEYS, ...env } });

describe.concurrent("a region that is no name", () => {
  const shown = (value: string, name: string) =>
    `fetch-creds: the region '${value}' of ${name} is not a valid region\n`;

  it.each([
    ["x@attacker.example:8443#", "x@attacker.example:8443#"],
    ["eu-west-1\r\nHost: attacker.example", "eu-west-1\\r\\nHost: attacker.example"],
  ])("ls --region %j: exit 252", async (value, escaped) => {
    const { code, stdout, stderr } = await ls({}, "--region", value);
    expect({ code, stdout }).toEqual({ code: 252, stdout: "" });
    expect(stderr).toContain(shown(escaped, "--region"));
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
  });

  it.each(["AWS_REGION", "AWS_DEFAULT_REGION"])(
    "%s: exit 252, for S3, STS and export alike",
    async (name) => {
      const env = { ...KEYS, [name]: "x@attacker.example:8443#\n" };
      const expected = shown("x@attacker.example:8443#\\n", name);
      const s3 = await ls(env);
      expect(s3).toMatchObject({ code: 252, stdout: "" });
      expect(s3.stderr).toContain(expected);
      const file = `${world.place({ "keys.json": JSON.stringify({ AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "s" }) })}/keys.json`;
      for (const args of [["verify", "--sts"], ["export"]]) {
        const result = await runBuilt([...args, "--credentials-file", file], {
          env: { [name]: env[name] ?? "" },
        });
        expect(result.code).toBe(252);
        expect(result.stderr).toContain(expected);
      }
    },
  );

  it("cp --source-region: exit 252", async () => {
    const result = await world.run(["cp", "s3://b/k", "s3://b/j", "--source-region", "a/b"]);
    expect(result).toMatchObject({ code: 252 });
    expect(result.stderr).toContain(shown("a/b", "--source-region"));
  });

  it("exec hands its child what it was given", async () => {
    const file = `${world.place({ "keys.json": JSON.stringify({ AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "s" }) })}/keys.json`;
    const args = ["exec", "--credentials-file", file, "--", "printenv", "AWS_REGION"];
    const result = await runBuilt(args, { env: { AWS_REGION: "not a region " } });
    expect(result).toMatchObject({ code: 0, stdout: "not a region \n" });
  });

  it("a server's is not followed", async () => {
    const bucket = world.bucket({ k: "x" });
    const seen: string[] = [];
    world.server.instead = (request) => {
      if (request.bucket !== bucket) return undefined;
      seen.push(String(request.headers.authorization));
      return {
        status: 301,
        headers: { "x-amz-bucket-region": "x@attacker.example:8443#" },
        body: Buffer.from("<Error><Code>PermanentRedirect</Code><Message>there</Message></Error>"),
      };
    };
    const result = await world.run(["cp", `s3://${bucket}/k`, "-"]);
    expect(result.code).toBe(1);
    expect(result.stderr.split("\n")[0]).toContain("PermanentRedirect");
    expect(seen).toHaveLength(1);
  });
});

describe.concurrent("what becomes part of a host, a path or a header", () => {
  it.each([["https://user:my-password@127.0.0.1", "The endpoint https://***@127.0.0.1 is not"]])(
    "--endpoint-url %j: exit 252",
    async (url, line) => {
      const result = await ls({}, "--endpoint-url", url);
      expect(result.code).toBe(252);
      expect(result.stderr.split("\n")[0]).toContain(line);
      const variable = await ls({ AWS_ENDPOINT_URL_S3: url });
      expect(variable).toMatchObject({ code: 252, stderr: result.stderr });
    },
  );

  it.each([
    ["b\r\nX-Evil: 1", "'b\\r\\nX-Evil: 1' is not a valid bucket name"],
    ["arn:aws:s3:x@attacker.example#:123456789012:accesspoint", "cannot be used"],
  ])("s3://%s: exit 252", async (bucket, line) => {
    const result = await runBuilt(["ls", `s3://${bucket}/k`], { env: KEYS });
    expect(result.code).toBe(252);
    expect(result.stderr.split("\n")[0]).toContain(line);
  });

  it.each([
    [["cp", "s3://b#/k", "-"]],
    [["cp", "-", "s3://b#/k"]],
    [["sync", ".", "s3://b#/k"]],
    [["cache-key", "s3://b#/k"]],
    [["doctor", "s3://b#/k"]],
  ])("%j: exit 252", async (args) => {
    const result = await runBuilt(args, { env: KEYS });
    expect(result.code).toBe(252);
    expect(result.stderr.split("\n")[0]).toContain("'b#' is not a valid bucket name");
  });

  it.each([["--version-id", "v\r\nx"]])("cp %s %j: exit 252", async (option, value) => {
    const result = await world.run(["cp", "s3://b/k", "-", option, value]);
    expect(result.code).toBe(252);
    expect(result.stderr.split("\n")[0]).toContain("is not a valid version ID");
  });

  it.each([["--sse-kms-key-id", "k\r\nx-evil: 1"]])("cp %s %j: exit 252", async (option, value) => {
    world.place({ f: "x" });
    const result = await world.run(["cp", "f", "s3://b/k", option, value]);
    expect(result.code).toBe(252);
    expect(result.stderr.split("\n")[0]).toContain(
      `${option} holds a line break or another control character`,
    );
  });

  it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])(
    "%s with a line break: exit 253",
    async (name) => {
      const result = await ls({ [name]: "value\r\nX-Evil: 1" }, "--endpoint-url", world.server.url);
      expect(result.code).toBe(253);
      expect(result.stderr.split("\n")[0]).toContain(
        `${name} holds a line break or another control character`,
      );
    },
  );
});
