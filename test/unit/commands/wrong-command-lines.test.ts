import { describe, expect, it } from "vitest";
import { Run } from "../../../src/cli/run.js";
import { testContext } from "../../support/test-context.js";

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret-of-the-example",
  AWS_REGION: "us-east-1",
};

/** A run in this process, without a world: what gets as far as a request fails for that. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = KEYS) {
  const context = testContext(env);
  const code = await new Run(args, context).toItsEnd();
  return { code, stdout: context.stdout.text, stderr: context.stderr.text };
}

async function expectRefused(args: readonly string[], words: string, env?: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await run(args, env);
  expect({ code, stdout }).toEqual({ code: 252, stdout: "" });
  expect(stderr).toContain(words);
  expect(stderr).toMatch(/^fetch-creds: [^\n]*\n( {2}[^\n]*\n)*$/);
}

describe("a wrong command line is 252 and names what is wrong", () => {
  it.each([
    [["cp", "a", "b"], "neither side is an S3 URI"],
    [["cp", "s3://", "b"], "no bucket"],
    [["cp", "s3://b/", "here"], "names a bucket"],
    [["cp", "-", "s3://b/k", "--recursive"], "single object"],
    [["sync", "-", "s3://b/k"], "single object"],
    [["cp", "s3://arn:aws:s3::123456789012:accesspoint/x.mrap/k", "b"], "SigV4A"],
    [["cp", "a", "s3://b/k", "--part-size", "1"], "--part-size"],
    [["cp", "a", "s3://b/k", "--page-size", "0"], "--page-size"],
    [["cp", "a", "s3://b/k", "--metadata", "nonsense"], "--metadata"],
    [["cp", "a", "s3://b/k", "--grants", "fly=id=1"], "grants"],
    [["cp", "a", "s3://b/k", "--expires", "soon"], "--expires"],
    [["cp", "a", "s3://b/k", "--sse-c"], "sse-c-key"],
    [["cp", "a", "s3://b/k", "--sse-c", "--sse-c-key", "short"], "32 bytes"],
    [["cp", "a", "s3://b/k", "--sse-c", "--sse-c-key", "fileb://nope"], "ENOENT"],
    [["cp", "a", "s3://b/k", "--checksum-mode", "ENABLED"], "checksum-mode"],
    [["cp", "s3://b/k", "a", "--checksum-algorithm", "CRC32"], "checksum-algorithm"],
    [
      ["cp", "s3://b/k", "a", "--sse-c-copy-source", "--sse-c-copy-source-key", "fileb:///etc/hostname"],
      "copy",
    ],
    [["cp", "a", "s3://b/k", "--version-id", "1"], "version-id"],
    [
      ["cp", "a", "s3://b/k", "--checksum-algorithm", "XXHASH64"],
      "XXHASH64 is not supported: xxHash is not computed",
    ],
    [["sync", "a", "s3://b/k", "--checksum-algorithm", "XXHASH3"], "XXHASH3 is not supported"],
    [["cp", "s3://b/k", "s3://b/l", "--checksum-algorithm", "XXHASH128"], "XXHASH128 is not supported"],
    [["cp", "a", "s3://b/k", "--checksum-algorithm", "MD5"], "--checksum-algorithm cannot be 'MD5'"],
    [
      ["cp", "s3://b/k", "s3://b/l", "--copy-props", "all"],
      "all is not supported: object annotations are not",
    ],
    [["cp", "s3://b/k", "-", "--no-overwrite"], "--no-overwrite parameter is not supported for streaming"],
    [["cp", "s3://b/k", "-", "--if-size-differ"], "--if-size-differ"],
    [["cp", "a", "s3://b/k", "--content-type", "a\r\nb: c"], "content-type"],
  ])("%j", (args, words) => expectRefused(args, words));
});

describe("an empty operand, as a variable that is not set leaves it", () => {
  it.each([
    [["sync", "s3://b/p", "", "--delete"], "sync was given an empty DST"],
    [["sync", "", "s3://b/p", "--delete"], "sync was given an empty SRC"],
    [["sync", "", ""], "sync was given an empty SRC"],
    [["sync", "--delete", "--", "s3://b/p", ""], "sync was given an empty DST"],
    [["cp", "s3://b/p", ""], "cp was given an empty DST"],
    [["cp", "", "s3://b/p", "--recursive"], "cp was given an empty SRC"],
    [["cp", ""], "cp was given an empty SRC"],
    [["ls", ""], "ls was given an empty S3 URI"],
    [["cache-key", ""], "cache-key was given an empty s3://BUCKET/KEY-OR-PREFIX"],
    [["cache-key", "s3://b/p", ""], "cache-key was given an empty s3://BUCKET/KEY-OR-PREFIX"],
    [["doctor", ""], "doctor was given an empty S3 URI"],
    [["verify", ""], "verify does not take ''"],
  ])("%j", (args, words) => expectRefused(args, words));
});

describe("what becomes part of a host, a path or a header", () => {
  it.each([
    ["x@attacker.example:8443#", "x@attacker.example:8443#"],
    ["eu-west-1\r\nHost: attacker.example", "eu-west-1\\r\\nHost: attacker.example"],
    ["eu-west-1 ", "eu-west-1 "],
    ["", ""],
    ["\u202eeu-west-1", "\\u202eeu-west-1"],
  ])("ls --region %j", (value, escaped) =>
    expectRefused(["ls", "s3://b", "--region", value], `the region '${escaped}' of --region`),
  );

  it.each([
    ["https://s3.amazonaws.com@attacker.example", "The endpoint https://***@attacker.example is not"],
    ["https://user:my-password@127.0.0.1", "The endpoint https://***@127.0.0.1 is not"],
    ["http://127.0.0.1\n.attacker.example", "The endpoint http://127.0.0.1\\n.attacker.example is not"],
    ["http://127.0.0.1:1/?x", "is not a usable http or https address"],
  ])("--endpoint-url %j, and as a variable", async (url, words) => {
    await expectRefused(["ls", "s3://b", "--endpoint-url", url], words);
    await expectRefused(["ls", "s3://b"], words, { ...KEYS, AWS_ENDPOINT_URL_S3: url });
  });

  it.each([
    ["b@attacker.example", "'b@attacker.example' is not a valid bucket name"],
    ["b\r\nX-Evil: 1", "'b\\r\\nX-Evil: 1' is not a valid bucket name"],
    ["..", "'..' is not a valid bucket name"],
    ["b#", "'b#' is not a valid bucket name"],
    ["b%2f", "'b%2f' is not a valid bucket name"],
    ["bücket", "'bücket' is not a valid bucket name"],
    ["x".repeat(256), "is not a valid bucket name"],
    ["arn:aws:s3:x@attacker.example#:123456789012:accesspoint", "cannot be used"],
    ["arn:aws:s3:eu-west-1:1:accesspoint", "cannot be used"],
  ])("s3://%s, to every verb", async (bucket, words) => {
    for (const args of [
      ["ls", `s3://${bucket}/k`],
      ["cp", `s3://${bucket}/k`, "-"],
      ["cp", "-", `s3://${bucket}/k`],
      ["sync", ".", `s3://${bucket}/k`],
      ["cache-key", `s3://${bucket}/k`],
    ])
      await expectRefused(args, words);
  });

  it.each([
    ["--version-id", "", "is not a valid version ID"],
    ["--version-id", "v\r\nx", "is not a valid version ID"],
  ])("cp s3://b/k - %s %j", (option, value, words) =>
    expectRefused(["cp", "s3://b/k", "-", option, value], words),
  );

  it.each([
    ["--grants", "read=id=\u0001"],
    ["--sse-kms-key-id", "k\r\nx-evil: 1"],
    ["--cache-control", "a\u0085b"],
    ["--website-redirect", "/\u007f"],
    ["--content-type", "text/plain\nX: y"],
  ])("cp f s3://b/k %s %j", (option, value) =>
    expectRefused(
      ["cp", "f", "s3://b/k", option, value],
      `${option} holds a line break or another control character`,
    ),
  );
});
