import { afterEach, describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { runBuilt } from "../../support/run-built.js";

const world = builtWorld();

afterEach(() => {
  world.server.instead = undefined;
  world.server.alter = undefined;
});

/** Refuses these operations, under an id of its own. */
function refuse(operations: RegExp): void {
  world.server.instead = ({ operation, method }) =>
    operations.test(operation)
      ? { status: 403, headers: ID, body: Buffer.from(method === "HEAD" ? "" : DENIED) }
      : undefined;
}

const ID = { "x-amz-request-id": "4442587FB7D0A2F9", "x-amz-id-2": "vlR7PnpV2Ce81l0PRw6jlUpc" };
const DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
const countIn = (text: string, word = "4442587FB7D0A2F9") => text.split(word).length - 1;

/** What goes wrong, the command for it, and the operations that are refused. */
const CASES: readonly (readonly [
  what: string,
  args: (bucket: string, place: string) => string[],
  operations: RegExp,
])[] = [
  ["a download", (b) => ["cp", `s3://${b}/k`, "out"], /^GetObject$/],
  ["an upload", (b, p) => ["cp", `${p}/f`, `s3://${b}/f`], /^PutObject$/],
  ["a listing", (b) => ["ls", `s3://${b}/`], /^ListObjectsV2$/],
  ["a sync's listing", (b, p) => ["sync", `s3://${b}`, p], /^ListObjectsV2$/],
  ["a copy", (b) => ["cp", `s3://${b}/k`, `s3://${b}/j`], /^CopyObject$/],
  ["a HEAD", (b) => ["cp", `s3://${b}/k`, `s3://${b}/j`], /^(Head|Get)Object$/],
  ["a delete", (b, p) => ["sync", p, `s3://${b}`, "--delete", "--exclude", "[fl]*"], /^DeleteObject$/],
  [
    "the start of an upload in parts",
    (b, p) => ["cp", `${p}/large`, `s3://${b}/l`],
    /^CreateMultipartUpload$/,
  ],
  ["its parts", (b, p) => ["cp", `${p}/large`, `s3://${b}/l`], /^UploadPart$/],
  ["its end", (b, p) => ["cp", `${p}/large`, `s3://${b}/l`], /^CompleteMultipartUpload$/],
];

describe("the request id of what S3 refuses", () => {
  it.each(CASES)("stands once in the failure, and in that of --json: %s", async (_, args, operations) => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place({ f: "x", large: "x".repeat(9 * 1024 ** 2) });
    refuse(operations);
    const plain = await world.run(args(bucket, place));
    expect(plain.stderr).toMatch(/Access Denied \(request ID 4442587FB7D0A2F9\)\n/);
    expect(countIn(plain.stderr)).toBe(1);
    const json = await world.run([...args(bucket, place), "--json"]);
    expect(countIn(json.stdout)).toBe(1);
    expect(json.code).toBe(plain.code);
    expect(plain.code).not.toBe(0);
  });

  it.each([
    [{ "x-guploader-uploadid": "AHxI1nPx" }, "AHxI1nPx"],
    [{ "cf-ray": "8f2c1d3e4b5a6789-FRA" }, "8f2c1d3e4b5a6789-FRA"],
    [{ "x-amz-request-id": "tx0\u0085" }, "tx0\\x85"],
  ])("is the store's own where there is none of S3's: %j", async (headers, id) => {
    const bucket = world.bucket();
    const instead = {
      status: 403,
      headers: { "x-amz-request-id": "", ...headers },
      body: Buffer.from(DENIED),
    };
    world.server.instead = () => instead;
    const { stderr } = await world.run(["ls", `s3://${bucket}/`]);
    expect(stderr).toContain(`Access Denied (request ID ${id})\n`);
  });

  it("stands in no failure that S3 did not answer", async () => {
    const { code, stderr } = await world.run(["ls", "s3://b/"], {
      env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    });
    expect(code).toBe(255);
    expect(stderr).not.toContain("request ID");
  });
});

const requestLines = (stderr: string) =>
  stderr
    .split("\n")
    .flatMap((line) => /^fetch-creds: debug: \+ *\d+ ms {2}(.* [A-Z]+ http.*)$/.exec(line)?.[1] ?? []);

describe("--debug", () => {
  it("says in one line a try what was asked, and what answered under which id", async () => {
    const bucket = world.bucket({ k: "x" });
    let left = 2;
    world.server.alter = (answer) => {
      const headers = { ...answer.headers, ...ID };
      return left-- > 0
        ? { status: 503, headers, body: Buffer.from(DENIED.replaceAll("AccessDenied", "SlowDown")) }
        : { ...answer, headers };
    };
    const { code, stderr } = await world.run(["cp", `s3://${bucket}/k`, "got", "--debug"]);
    expect(code, stderr).toBe(0);
    const line = (status: string) =>
      new RegExp(
        `^GetObject GET ${world.server.url}/${bucket}/k: ${status} in \\d+ ms, x-amz-request-id 4442587FB7D0A2F9, x-amz-id-2 vlR7PnpV2Ce81l0PRw6jlUpc$`,
      );
    const slow = expect.stringMatching(line("503 SlowDown"));
    expect(requestLines(stderr).filter((one) => one.includes(" GET "))).toEqual([
      slow,
      slow,
      expect.stringMatching(line("20[06]")),
    ]);
  });

  it.each([
    ["an upload in parts", (b: string, p: string) => ["cp", `${p}/large`, `s3://${b}/l`]],
    ["a tree with deletes", (b: string, p: string) => ["sync", p, `s3://${b}`, "--delete"]],
    ["a copy with tags", (b: string) => ["cp", `s3://${b}/k`, `s3://${b}/j`, "--copy-props", "default"]],
    ["the buckets", () => ["ls"]],
    ["a tree that comes", (b: string, p: string) => ["sync", `s3://${b}`, `${p}/new`]],
  ])("has as many lines as there are requests: %s", async (_, args) => {
    const bucket = world.bucket({ k: "x", m: "y" });
    const place = world.place({ f: "x", large: "x".repeat(9 * 1024 ** 2) });
    world.server.forget();
    const { code, stderr } = await world.run([...args(bucket, place), "--debug"]);
    expect(code, stderr).toBe(0);
    const asked = world.server.requests.map(({ operation, method }) => `${operation} ${method}`);
    expect(asked.length).toBeGreaterThan(0);
    const told = requestLines(stderr).map((line) => line.split(" ").slice(0, 2).join(" "));
    expect(told.sort()).toEqual(asked.sort());
  });

  it("says what happened where nothing answered, and no secret", async () => {
    const { code, stderr } = await world.run(["ls", "s3://b/p", "--debug", "--cli-connect-timeout", "5"], {
      env: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
    });
    expect(code).toBe(255);
    const lines = requestLines(stderr);
    expect(lines).toHaveLength(5);
    for (const line of lines)
      expect(line).toMatch(
        /^ListObjectsV2 GET http:\/\/127\.0\.0\.1:1\/b\/\?.*prefix=p: no response in \d+ ms: connect ECONNREFUSED/,
      );
    expect(stderr).not.toContain(world.server.env.AWS_SECRET_ACCESS_KEY);
    expect(stderr).not.toMatch(/signature|authorization/i);
  });

  it("shows the credential endpoint's and STS' requests alike", async () => {
    const uri = "http://127.0.0.1:1/creds/0123456789abcdef";
    const endpoint = await runBuilt(["verify", "--debug", "--timeout", "1"], {
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri },
    });
    expect(endpoint.stderr).toMatch(
      /debug: .* GET http:\/\/127\.0\.0\.1:1\/creds\/0123…: no response in \d+ ms: refused \(ECONNREFUSED\)\n/,
    );
    const keys = JSON.stringify({ Version: 1, AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "S".repeat(40) });
    const file = `${world.place({ keys })}/keys`;
    const args = ["verify", "--debug", "--sts", "--credentials-file", file, "--endpoint-url-sts"];
    world.server.instead = () => ({
      status: 403,
      headers: { "x-amz-request-id": "", "x-amz-id-2": "", "x-amzn-requestid": "c6104cbe" },
      body: Buffer.from(DENIED),
    });
    const sts = await runBuilt([...args, world.server.url]);
    expect(sts.stderr).toMatch(
      /debug: .* GetCallerIdentity POST http:\/\/127\.0\.0\.1:\d+\/: 403 AccessDenied in \d+ ms, x-amzn-requestid c6104cbe\n/,
    );
    expect(sts.stderr).toMatch(/answered 403: AccessDenied: Access Denied \(request ID c6104cbe\)\n/);
  });
});
