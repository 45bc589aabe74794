import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtWorld, linesOf, objectsOf, type World } from "../../support/built-world.js";
import { type ConnectProxy, startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";
import type { RunOptions } from "../../support/run-built.js";
import { xmlResponse } from "../../support/s3-server/operation.js";
import { errorResponse } from "../../support/s3-server/respond.js";
import { S3Error } from "../../support/s3-server/s3-error.js";
import { document } from "../../support/s3-server/xml.js";

const world = builtWorld();
const secure = builtWorld({ tls: true });

const MIB = 1024 * 1024;
const SOURCE = { "p/a": "new", "p/b": "new", "p/c/d": "new", "p/e": "new" };

/** What was asked about a bucket; the source's own requests are left out. */
function askedOf({ server }: World, bucket: string): string[] {
  return server.requests
    .filter((request) => request.bucket === bucket)
    .map(({ operation, status }) => `${operation} ${status}`)
    .sort();
}

/** Buckets of a store that takes no notice of the condition, and overwrites. */
const forgetful = new Set<string>();
/** Those that may not be listed. */
const unlisted = new Set<string>();
/** Those whose listing counts two objects, and shows one of them. */
const lacking = new Set<string>();
/** Those of one that refuses it, and may not be listed. */
const refusing = new Set<string>();
beforeAll(() => {
  world.server.alter = (answer, { bucket = "", operation }) => {
    if (operation !== "ListObjectsV2") return answer;
    if (unlisted.has(bucket)) return errorResponse(new S3Error(403, "AccessDenied", "Access Denied"), "/");
    if (!lacking.has(bucket)) return answer;
    const shown = answer.body.toString().replace(/<Contents>(?:(?!<\/Contents>).)*q\/b.*?<\/Contents>/s, "");
    return { ...answer, body: Buffer.from(shown) };
  };
  world.server.instead = ({ bucket = "", key = "", operation, headers, rawPath }) => {
    if (refusing.has(bucket) && operation === "ListObjectsV2")
      return errorResponse(new S3Error(403, "AccessDenied", "Access Denied"), rawPath);
    if (refusing.has(bucket) && headers["if-none-match"] !== undefined)
      return errorResponse(
        new S3Error(501, "NotImplemented", "Header If-None-Match is not implemented"),
        rawPath,
      );
    if (operation !== "CopyObject" || !forgetful.has(bucket)) return undefined;
    const [from = "", ...rest] = String(headers["x-amz-copy-source"]).split("/");
    const { body = "" } = world.server.object(from, rest.join("/")) ?? {};
    const { etag } = world.server.put(bucket, key, body);
    return xmlResponse(document("CopyObjectResult", `<ETag>"${etag}"</ETag>`));
  };
});

describe.concurrent("--no-overwrite from S3 to S3", () => {
  it.each([
    ["that minds the condition", false],
    ["that does not know it", true],
  ])(
    "on a store %s: a listing tells what is there, one request an object copies the rest",
    async (_, isForgetful) => {
      const source = world.bucket(SOURCE);
      for (const verb of [["cp", "--recursive"], ["sync"]]) {
        const bucket = world.bucket({ "q/b": "old", "q/other": "old" });
        if (isForgetful) forgetful.add(bucket);
        const args = [...verb, `s3://${source}/p`, `s3://${bucket}/q`, "--no-overwrite"];
        const { code, stdout, stderr } = await world.run(args);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(linesOf(stdout)).toHaveLength(3);
        expect(objectsOf(world, bucket)).toEqual({
          "q/a": "new",
          "q/b": "old",
          "q/c/d": "new",
          "q/e": "new",
          "q/other": "old",
        });
        expect(askedOf(world, bucket)).toEqual([...Array(3).fill("CopyObject 200"), "ListObjectsV2 200"]);
        const sent = world.server.requests.filter(
          (request) => request.bucket === bucket && request.operation === "CopyObject",
        );
        for (const { headers } of sent) expect(headers["if-none-match"]).toBe("*");
      }
    },
  );

  it.each([
    ["that minds the condition", false],
    ["that does not know it", true],
  ])("one object, on a store %s: it is looked at first", async (_, isForgetful) => {
    const source = world.bucket(SOURCE);
    const bucket = world.bucket({ b: "old" });
    if (isForgetful) forgetful.add(bucket);
    for (const key of ["a", "b"]) {
      const args = ["cp", `s3://${source}/p/${key}`, `s3://${bucket}/`, "--no-overwrite"];
      expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
    }
    expect(objectsOf(world, bucket)).toEqual({ a: "new", b: "old" });
    expect(askedOf(world, bucket)).toEqual([
      "CopyObject 200",
      "GetObject 404",
      "HeadObject 200",
      "HeadObject 404",
    ]);
  });

  it("where the target may not be listed each object is looked at, also where the condition is not known", async () => {
    const source = world.bucket(SOURCE);
    const bucket = world.bucket({ "q/b": "old" });
    forgetful.add(bucket);
    unlisted.add(bucket);
    const args = ["cp", `s3://${source}/p`, `s3://${bucket}/q`, "--recursive", "--no-overwrite"];
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toMatchObject({ "q/a": "new", "q/b": "old", "q/e": "new" });
    expect(askedOf(world, bucket).filter((line) => line.startsWith("HeadObject"))).toHaveLength(4);
  });

  it("a sync whose listing of the target lacks what it counts looks at each object that it does not show", async () => {
    const source = world.bucket(SOURCE);
    const bucket = world.bucket({ "q/a": "old", "q/b": "old" });
    forgetful.add(bucket);
    lacking.add(bucket);
    const args = ["sync", `s3://${source}/p`, `s3://${bucket}/q`, "--no-overwrite"];
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ "q/a": "old", "q/b": "old", "q/c/d": "new", "q/e": "new" });
    expect(askedOf(world, bucket)).toEqual([
      ...Array(2).fill("CopyObject 200"),
      ...Array(2).fill("GetObject 404"),
      "HeadObject 200",
      ...Array(2).fill("HeadObject 404"),
      "ListObjectsV2 200",
    ]);
  });

  it("where the condition is refused, and the target may not be listed, nothing is overwritten", async () => {
    const source = world.bucket(SOURCE);
    const bucket = world.bucket({ "q/b": "old" });
    refusing.add(bucket);
    const args = ["cp", `s3://${source}/p`, `s3://${bucket}/q`, "--recursive", "--no-overwrite"];
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ "q/a": "new", "q/b": "old", "q/c/d": "new", "q/e": "new" });
    expect(askedOf(world, bucket)).toContain("CopyObject 501");
  });

  it("--dryrun says the same, and copies nothing", async () => {
    const source = world.bucket(SOURCE);
    const bucket = world.bucket({ "q/b": "old" });
    const args = ["cp", `s3://${source}/p`, `s3://${bucket}/q`, "--recursive", "--no-overwrite"];
    const { code, stdout } = await world.run([...args, "--dryrun"]);
    expect({ code, lines: linesOf(stdout).length }).toEqual({ code: 0, lines: 3 });
    expect(askedOf(world, bucket)).toEqual(["ListObjectsV2 200"]);
  });
});

describe("--no-overwrite on Amazon S3, which minds the condition", () => {
  let proxy: ConnectProxy;
  beforeAll(async () => {
    proxy = await startConnectProxy(false, secure.server.port);
  });
  afterAll(() => proxy.close());

  /** No packet leaves: the proxy leads every host to the server here. */
  const onAmazon = (): RunOptions => ({
    env: { AWS_ENDPOINT_URL: "https://s3.us-east-1.amazonaws.com", HTTPS_PROXY: proxy.url },
  });

  it("is one request an object, and nothing is looked at before", async () => {
    const source = secure.bucket(SOURCE);
    const bucket = secure.bucket({ "q/b": "old", a: "old" });
    const run = (...args: string[]) => secure.run([...args, "--no-overwrite", "--no-verify-ssl"], onAmazon());
    const tree = await run("cp", `s3://${source}/p`, `s3://${bucket}/q`, "--recursive");
    expect({ code: tree.code, stderr: tree.stderr }).toEqual({ code: 0, stderr: "" });
    for (const key of ["a", "e"]) {
      const one = await run("cp", `s3://${source}/p/${key}`, `s3://${bucket}/`);
      expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: "" });
    }
    expect(objectsOf(secure, bucket)).toMatchObject({ "q/a": "new", "q/b": "old", a: "old", e: "new" });
    expect(askedOf(secure, bucket)).toEqual([
      ...Array(4).fill("CopyObject 200"),
      ...Array(2).fill("CopyObject 412"),
    ]);
  });

  it("and a server behind a load balancer's name is not: the target is looked at first", async () => {
    const bucket = secure.bucket({ new: "new", there: "old" });
    const args = ["cp", `s3://${bucket}/new`, `s3://${bucket}/there`, "--no-overwrite", "--no-verify-ssl"];
    const behindBalancer = {
      env: { AWS_ENDPOINT_URL: "https://ceph-12.elb.us-east-1.amazonaws.com", HTTPS_PROXY: proxy.url },
    };
    expect(await secure.run(args, behindBalancer)).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(secure, bucket)).toMatchObject({ there: "old" });
    expect(askedOf(secure, bucket)).toEqual(["HeadObject 200", "HeadObject 200"]);
  });

  it("but for a large object, whose copy would be many requests for nothing", async () => {
    const bucket = secure.bucket({ there: "old" });
    secure.server.put(bucket, "large", Buffer.alloc(8 * MIB));
    const args = ["cp", `s3://${bucket}/large`, `s3://${bucket}/there`, "--no-overwrite", "--no-verify-ssl"];
    expect(await secure.run(args, onAmazon())).toMatchObject({ code: 0, stderr: "" });
    expect(askedOf(secure, bucket)).toEqual(["HeadObject 200", "HeadObject 200"]);
  });
});
