import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { header } from "../../support/s3-server/s3-request.js";

const world = builtWorld();

/** More than one part of 8 MiB; two versions that differ in their last part. */
const FIRST = Buffer.alloc(9_000_000, "a");
const SECOND = Buffer.from(FIRST).fill("b", 8_900_000);
const HOUR_MS = 3_600_000;
const NOW = Math.floor(Date.now() / 1000) * 1000;

type Respell = (etag: string) => string | undefined;
const SPELLINGS: readonly (readonly [what: string, respell: Respell])[] = [
  ["weak", (etag) => `W/${etag}`],
  ["missing", () => undefined],
  ["empty", () => '""'],
  ["without quotes", (etag) => etag.replaceAll('"', "")],
  ["in capitals", (etag) => etag.toUpperCase()],
];

const respellings = new Map<string, Respell>();
/** Buckets whose object is replaced once it has been answered about. */
const replaced = new Set<string>();

beforeAll(() => {
  world.server.alter = (answer, { bucket = "", operation }) => {
    const respell = respellings.get(bucket);
    if (respell === undefined || !/^(Get|Head)Object$/.test(operation)) return answer;
    if (replaced.delete(bucket)) world.server.put(bucket, "k", SECOND, { lastModified: NOW });
    const { etag = "", ...others } = answer.headers;
    const spelled = respell(String(etag));
    return { ...answer, headers: spelled === undefined ? others : { ...others, etag: spelled } };
  };
});

function makeBucket(respell: Respell): string {
  const bucket = world.bucket();
  world.server.put(bucket, "k", FIRST, { lastModified: NOW - HOUR_MS });
  respellings.set(bucket, respell);
  return bucket;
}

const requestsOf = (bucket: string) => world.server.requests.filter((request) => request.bucket === bucket);

describe.concurrent.each(SPELLINGS)("an ETag that is %s", (_what, respell) => {
  it("is no reason to fail a download in parts", async () => {
    const bucket = makeBucket(respell);
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/k`, `${place}/k`]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(`${place}/k`).equals(FIRST)).toBe(true);
    const requests = requestsOf(bucket);
    expect(requests.filter(({ operation }) => operation === "GetObject")).toHaveLength(2);
    for (const request of requests) expect(header(request, "if-match")).toBeUndefined();
  });

  it("lets no two versions be mixed", async () => {
    const bucket = makeBucket(respell);
    const place = world.place();
    writeFileSync(`${place}/k`, "before");
    replaced.add(bucket);
    const result = await world.run(["cp", `s3://${bucket}/k`, `${place}/k`]);
    expect(replaced.has(bucket)).toBe(false);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("The object was replaced while it was being copied.");
    expect(readFileSync(`${place}/k`, "utf8")).toBe("before");
  });

  it.each([
    { partSize: "64MiB", operations: ["CopyObject"] },
    { partSize: "8MiB", operations: ["UploadPartCopy", "UploadPartCopy"] },
  ])("is no reason to fail a copy, whose source is pinned: $operations", async ({ partSize, operations }) => {
    const bucket = makeBucket(respell);
    const args = [`s3://${bucket}/k`, `s3://${bucket}/to`, "--content-type", "a/b", "--part-size", partSize];
    expect(await world.run(["cp", ...args])).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "to")?.headers).toMatchObject({ "content-type": "a/b" });
    const copies = requestsOf(bucket).filter(({ operation }) => /Copy/.test(operation));
    expect(copies.map(({ operation }) => operation)).toEqual(operations);
    for (const request of copies) {
      expect(header(request, "x-amz-copy-source-if-match")).toBeUndefined();
      const since = header(request, "x-amz-copy-source-if-unmodified-since");
      expect(Date.parse(since ?? "")).toBe(NOW - HOUR_MS);
    }
  });
});
