import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { builtWorld } from "../support/built-world.js";
import { TEST_TLS } from "../support/certificate/certificate.js";
import { errorResponse } from "../support/s3-server/respond.js";
import { S3Error } from "../support/s3-server/s3-error.js";

const world = builtWorld();
const OURS = `node ${BUILT_FILE}`;

afterEach(() => {
  world.server.instead = undefined;
});

describe("a wrong command says what to write", () => {
  it.each([
    [["mv", "s3://b/k", "."], `${OURS} exec -- aws s3 mv SRC DST`],
    [["rm", "s3://b/k"], `${OURS} exec -- aws s3 rm s3://BUCKET/KEY`],
    [["presign", "s3://b/k"], `${OURS} exec -- aws s3 presign s3://BUCKET/KEY`],
    [["cat", "s3://b/k"], `${OURS} cp s3://BUCKET/KEY -`],
    [["aws", "s3", "cp", "s3://b/k", "."], "Leave out 'aws s3'"],
    [["s3", "cp", "s3://b/k", "."], "Leave out 's3'"],
    [["cp", "-r", "s3://b/k", "."], "Did you mean --recursive?"],
    [["ls", "-R", "s3://b/k"], "Did you mean --recursive?"],
    [["ls", "-lh", "s3://b/k"], "Did you mean --human-readable?"],
    [["cp", "-q", "s3://b/k", "."], "Did you mean --quiet?"],
    [["cp", "--dry-run", "s3://b/k", "."], "Did you mean --dryrun?"],
    [["sync", "-r", "s3://b/k", "."], "sync copies all that is below by itself: leave it out."],
    [["sync", "--recursive", "s3://b/k", "."], "sync copies all that is below by itself: leave it out."],
    [
      ["ls", "s3://b", "--include", "*.txt"],
      "ls has no filters: cp --recursive --dryrun shows what they leave.",
    ],
    [["cp", "a.txt", "b.txt", "s3://b/"], "--recursive --exclude '*' --include 'PATTERN'"],
    [["cp", "https://b.s3.eu-west-1.amazonaws.com/d/k", "."], "Did you mean s3://b/d/k?"],
    [["ls", "https://s3.amazonaws.com/b/d/"], "Did you mean s3://b/d/?"],
    [["cache-key", "https://b.s3.amazonaws.com/k"], "Did you mean s3://b/k?"],
    [["doctor", "https://s3.console.aws.amazon.com/s3/object/b?prefix=k"], "Did you mean s3://b/k?"],
    [["cp", "arn:aws:s3:::b/k", "."], "Did you mean s3://b/k?"],
    [["cp", "s3://arn:aws:s3:::b/k", "."], "Did you mean s3://b/k?"],
    [["cp", "b/k", "."], "must be an S3 URI, s3://BUCKET/KEY"],
    [["cp", "\u2013-recursive", "s3://b/p", "."], "It begins with a typographic dash: write --recursive"],
    [["cp", "s3://b/p", ".", "\u2014recursive"], "It begins with a typographic dash: write --recursive"],
    [["ls", "\u2212-summarize", "s3://b"], "It begins with a typographic dash: write --summarize"],
    [["cp", "s3://$BUCKET/k", "."], "The variable was not expanded: in exec form"],
    [["cp", "s3:///k", "."], "Or a variable for the bucket is empty."],
  ])("%j: exit 252", async (args, hint) => {
    const { code, stdout, stderr } = await world.run(args);
    expect({ code, stdout }, stderr).toEqual({ code: 252, stdout: "" });
    expect(stderr.split("\n")[1]).toContain(hint);
    expect(stderr.split("\n")).toHaveLength(3);
  });

  it("and repeats no signature of a presigned address", async () => {
    const url = "https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef";
    for (const args of [
      ["cp", url, "s3://c/k"],
      ["ls", url],
    ]) {
      const { code, stderr } = await world.run(args);
      expect(code).toBe(args[0] === "cp" ? 255 : 252);
      expect(stderr).toContain("Did you mean s3://b/k?");
      expect(stderr).not.toContain("0123456789abcdef");
    }
  });

  it.each([
    [["cp", "*.txt"], "--recursive --exclude '*' --include '*.txt'"],
    [["sync", "d/*.txt"], "--recursive --exclude '*' --include '*.txt'"],
    [["cp", "https://example.com/x.tgz"], "download it with curl"],
    [["cp", "nothing-here"], "SRC comes before DST."],
  ])("%j of what is not there: exit 255", async ([verb = "", path = ""], hint) => {
    const { code, stderr } = await world.run([verb, path, "s3://b/k"]);
    expect(code).toBe(255);
    expect(stderr.split("\n")[1]).toContain(hint);
  });
});

describe("wildcards in a source", () => {
  it.each([
    [["sync", "*.txt"], "s3://BUCKET/ with --exclude '*' --include '*.txt'."],
    [["sync", "d/e*/f"], "s3://BUCKET/d/ with --exclude '*' --include 'e*/f'."],
    [["cp", "*.txt", "--recursive"], "s3://BUCKET/ with --exclude '*' --include '*.txt'."],
    [["cache-key", "*.txt"], "s3://BUCKET/ with --exclude '*' --include '*.txt'."],
    [["ls", "*.txt"], "cp s3://BUCKET/ . --recursive --exclude '*' --include '*.txt' --dryrun"],
  ])("%j: exit 1, with the filters that say it", async ([verb = "", pattern = "", ...more], hint) => {
    const bucket = world.bucket({ "a.txt": "x", "d/ee/f": "x" });
    const target = verb === "ls" || verb === "cache-key" ? [] : [world.place()];
    const { code, stderr } = await world.run([verb, `s3://${bucket}/${pattern}`, ...target, ...more]);
    expect(code).toBe(1);
    expect(stderr.split("\n")[1]).toContain(hint.replace("BUCKET", bucket));
  });

  it("of a single cp are taken, as before", async () => {
    const bucket = world.bucket({ "a.txt": "x", b: "x" });
    const { code, stdout } = await world.run(["cp", `s3://${bucket}/*.txt`, `${world.place()}/`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^download: s3:\/\/[^\n]+\/a\.txt to [^\n]+\/a\.txt\n$/);
  });
});

describe("ls of nothing", () => {
  it("says so, exit 1 as the AWS CLI has it, in --json too", async () => {
    const bucket = world.bucket({ k: "x" });
    const plain = await world.run(["ls", `s3://${bucket}/nothing`]);
    expect(plain).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `fetch-creds: no key begins with s3://${bucket}/nothing\n  Keys are case-sensitive: check the prefix.\n`,
    });
    const json = await world.run(["ls", `s3://${bucket}/nothing`, "--json"]);
    expect({ code: json.code, id: JSON.parse(json.stdout).error.id }).toEqual({
      code: 1,
      id: "s3-nothing-listed",
    });
  });

  it("that is an empty bucket says so, exit 0", async () => {
    const bucket = world.bucket();
    expect(await world.run(["ls", `s3://${bucket}`])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: `fetch-creds: s3://${bucket}/ is empty\n`,
    });
  });
});

describe("what S3 refuses names what is missing", () => {
  const denied = {
    status: 403,
    headers: {},
    body: Buffer.from("<Error><Code>AccessDenied</Code><Message>No</Message></Error>"),
  };

  it.each([
    [["ls", "s3://b/d/"], "s3:ListBucket on arn:aws:s3:::b, the bucket itself, without /*."],
    [["sync", "s3://b/d", "."], "s3:ListBucket on arn:aws:s3:::b, the bucket itself, without /*."],
    [["cp", "s3://b/d/k", "."], "s3:GetObject on arn:aws:s3:::b/d/k, or the key does not exist"],
    [["cp", "file", "s3://b/d/k"], "s3:PutObject on arn:aws:s3:::b/d/k."],
    [["ls"], "s3:ListAllMyBuckets on *."],
    [["cache-key", "s3://b/d/"], "s3:ListBucket on arn:aws:s3:::b, the bucket itself, without /*."],
  ])("%j", async (args, needs) => {
    world.server.instead = () => denied;
    const cwd = world.place({ file: "x" });
    const { code, stderr } = await world.run(args, { cwd });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`\n  The role or user needs ${needs}`);
  });

  it.each([
    ["resource-based policy", "The bucket's policy must allow s3:GetObject on arn:aws:s3:::b/d/k."],
    [
      "identity-based policy",
      "The policy of the role or user must allow s3:GetObject on arn:aws:s3:::b/d/k.",
    ],
  ])("by the %s where S3 says so", async (policy, hint) => {
    const message = `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/d/k" because no ${policy} allows the s3:GetObject action`;
    world.server.instead = ({ operation }) =>
      operation === "GetObject"
        ? errorResponse(new S3Error(403, "AccessDenied", message), "/b/d/k")
        : undefined;
    const { code, stderr } = await world.run(["cp", "s3://b/d/k", "."], { cwd: world.place({}) });
    expect(code).toBe(1);
    expect(stderr).toContain(`\n  ${hint} The keys come from `);
  });

  it("by the caller's policy and the bucket's where S3 says nothing", async () => {
    world.server.instead = () => denied;
    const { stderr } = await world.run(["cp", "s3://b/d/k", "."], { cwd: world.place({}) });
    expect(stderr).toContain(
      "If the bucket belongs to another account, its bucket policy must allow it, too.",
    );
  });

  it("in the partition of the region", async () => {
    world.server.instead = () => denied;
    const { stderr } = await world.run(["ls", "s3://b"], { env: { AWS_REGION: "cn-north-1" } });
    expect(stderr).toContain("on arn:aws-cn:s3:::b, the bucket");
  });
});

describe("the other scheme", () => {
  it.each([
    ["https", "http", "write http://"],
    ["http", "https", "write https://"],
  ])("%s to a port of %s: says which to write", async (asked, spoken, hint) => {
    const server =
      spoken === "https" ? createTlsServer(TEST_TLS) : createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { code, stderr } = await world.run(["ls", "s3://b"], {
        env: { AWS_ENDPOINT_URL: `${asked}://127.0.0.1:${port}` },
      });
      expect(code).toBe(255);
      expect(stderr).toContain(hint);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
