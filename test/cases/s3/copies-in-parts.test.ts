import { describe, expect, it, onTestFinished } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { startBuilt } from "../../support/run-built.js";
import { carelessPartCopy } from "../../support/s3-server/careless-part-copy.js";
import { header } from "../../support/s3-server/s3-request.js";
import { until } from "../../support/until.js";

const world = builtWorld();

/** The AWS CLI's multipart_threshold. */
const PART = 8 * 1024 ** 2;
const LARGE = Buffer.alloc(2 * PART + 5, "0123456");

/** A bucket with a large and a small object below `p/`. */
function bucketWithLarge(): string {
  const bucket = world.bucket({ "p/small": "s" });
  world.server.put(bucket, "p/large", LARGE, { metadata: { m: "1" }, tags: { t: "2" } });
  world.server.forget();
  return bucket;
}

const asked = (bucket: string, operation: string) =>
  world.server.requests.filter((request) => request.bucket === bucket && request.operation === operation);

describe("objects of 8 MiB and more", () => {
  it.each([
    { how: "cp", args: ["p/large", "q/large"], small: false },
    { how: "cp", args: ["p", "q", "--recursive"], small: true },
    { how: "cp", args: ["p/*", "q/"], small: true },
    { how: "sync", args: ["p", "q"], small: true },
  ])("are copied in parts: $how $args", async ({ how, args: [from, to, ...more], small }) => {
    const bucket = bucketWithLarge();
    const result = await world.run([how, `s3://${bucket}/${from}`, `s3://${bucket}/${to}`, ...more]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toContain(`copy: s3://${bucket}/p/large to s3://${bucket}/q/large\n`);
    const { body, metadata, tags, etag } = world.server.object(bucket, "q/large") ?? {};
    expect({ metadata, tags, isSame: body?.equals(LARGE) }).toEqual({
      metadata: { m: "1" },
      tags: { t: "2" },
      isSame: true,
    });
    expect(etag).toMatch(/-3$/);
    const parts = asked(bucket, "UploadPartCopy");
    expect(parts.map((part) => header(part, "x-amz-copy-source-range")).sort()).toEqual([
      `bytes=0-${PART - 1}`,
      `bytes=${2 * PART}-${LARGE.length - 1}`,
      `bytes=${PART}-${2 * PART - 1}`,
    ]);
    const source = `"${world.server.object(bucket, "p/large")?.etag}"`;
    expect(parts.map((part) => header(part, "x-amz-copy-source-if-match"))).toEqual([source, source, source]);
    // Of the source before and after its parts, and of the copy.
    expect(asked(bucket, "HeadObject").map(({ key }) => key)).toEqual(["p/large", "p/large", "q/large"]);
    expect(asked(bucket, "CopyObject")).toHaveLength(small ? 1 : 0);
  });

  it("are left alone by a dry run", async () => {
    const bucket = bucketWithLarge();
    const args = ["sync", `s3://${bucket}/p`, `s3://${bucket}/q`, "--dryrun"];
    expect(await world.run(args)).toMatchObject({ code: 0 });
    expect(new Set(world.server.requests.map(({ operation }) => operation))).toEqual(
      new Set(["ListObjectsV2"]),
    );
  });

  it("are copied from a bucket of another region", async () => {
    const bucket = world.bucket();
    world.server.createBucket(`${bucket}-far`, "eu-west-1");
    world.server.put(`${bucket}-far`, "large", LARGE, { tags: { t: "2" } });
    const args = ["cp", `s3://${bucket}-far/large`, `s3://${bucket}/large`, "--source-region", "eu-west-1"];
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "large")).toMatchObject({ tags: { t: "2" } });
  });

  it("leave no upload behind when one of their parts is refused", async () => {
    const bucket = bucketWithLarge();
    world.server.instead = ({ operation }) =>
      operation === "UploadPartCopy"
        ? { status: 403, headers: {}, body: Buffer.from("<Error><Code>AccessDenied</Code></Error>") }
        : undefined;
    onTestFinished(() => {
      world.server.instead = undefined;
    });
    const { code, stderr } = await world.run(["cp", `s3://${bucket}/p/large`, `s3://${bucket}/to`]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^copy failed: .* An error occurred \(AccessDenied\) when calling the UploadPartCopy/,
      ),
    });
    expect(asked(bucket, "AbortMultipartUpload")).toHaveLength(1);
    expect(world.server.bucket(bucket).uploads.size).toBe(0);
    expect(world.server.object(bucket, "to")).toBeUndefined();
  });

  /** The server takes no notice of what a part is copied on condition of, until the test is over. */
  function beCareless(keepsRange: boolean, onPart: () => void = () => undefined): void {
    world.server.instead = (request) => {
      const response = carelessPartCopy(world.server, request, keepsRange);
      if (response !== undefined) onPart();
      return response;
    };
    onTestFinished(() => {
      world.server.instead = undefined;
    });
  }

  it.each([
    { how: "whole instead", size: LARGE.length, more: [], code: 0, says: /^$/ },
    { how: "whole when all parts are of one size", size: 2 * PART, more: [], code: 0, says: /^$/ },
    {
      how: "with a failure where nothing may be overwritten",
      size: 2 * PART,
      more: ["--no-overwrite"],
      code: 1,
      says: /^copy failed: .* The copy has 33554432 bytes, and its source 16777216: .*\n.*destination is wrong/,
    },
  ])("are copied $how where the store ignores ranges", async ({ size, more, code, says }) => {
    const bucket = world.bucket();
    const source = LARGE.subarray(0, size);
    // Of parts: it tells nothing of their MD5s.
    world.server.put(bucket, "from", source, { etag: "0123456789abcdef0123456789abcdef-2" });
    beCareless(false);
    const result = await world.run(["cp", `s3://${bucket}/from`, `s3://${bucket}/to`, ...more]);
    expect(result).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(world.server.object(bucket, "to")?.body.equals(source)).toBe(code === 0);
    expect(asked(bucket, "UploadPartCopy").length).toBeGreaterThan(1);
  });

  it("are no mix of two versions where the store ignores the condition", async () => {
    const bucket = bucketWithLarge();
    let parts = 0;
    beCareless(true, () => {
      if (++parts === 2) world.server.put(bucket, "p/large", Buffer.alloc(LARGE.length));
    });
    const { code, stderr } = await world.run(["cp", `s3://${bucket}/p/large`, `s3://${bucket}/to`]);
    expect({ code, stderr, parts }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^copy failed: .* The object was replaced while it was being copied/),
      parts: 3,
    });
    expect(world.server.object(bucket, "to")).toBeUndefined();
    expect(world.server.bucket(bucket).uploads.size).toBe(0);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leave no upload behind at a %s", async (signal, code) => {
    const bucket = bucketWithLarge();
    world.server.put(bucket, "to", "before");
    let begun = 0;
    let release = (): void => undefined;
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    world.server.instead = ({ operation }) => {
      if (operation !== "UploadPartCopy") return undefined;
      begun++;
      return held;
    };
    onTestFinished(() => {
      release();
      world.server.instead = undefined;
    });
    const { child, finished } = startBuilt(["cp", `s3://${bucket}/p/large`, `s3://${bucket}/to`], {
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    await until(() => begun > 0, child);
    child.kill(signal);
    expect((await finished).code).toBe(code);
    expect(asked(bucket, "AbortMultipartUpload")).toHaveLength(1);
    expect(world.server.bucket(bucket).uploads.size).toBe(0);
    expect(world.server.object(bucket, "to")?.body.toString()).toBe("before");
  });
});
