import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorResponse } from "../support/fault-proxy/fault.js";
import {
  BEFORE,
  type Bed,
  expectFile,
  expectOneClearLine,
  expectTries,
  layTarget,
  makeBed,
  patterned,
  WAYS,
} from "./bed.js";
import * as plans from "./plans.js";

const LARGE = patterned(10 * 1024 ** 2 + 5000);
const PARTS = ["--part-size", "5MiB", "--concurrency", "1"];

/** All keys expire when the nth request of the operation comes. */
function expireAt(bed: Bed, operation: string, count: number): void {
  bed.faults.onRequest = (request) => {
    if (request.operation === operation && bed.faults.count(operation) === count)
      bed.endpoint.keys.expireAll();
  };
}

describe.each(WAYS)("keys that expire in mid-copy over %s", (way) => {
  it.concurrent("are replaced by fresh ones, and the download goes on", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "k", LARGE);
    expireAt(bed, "GetObject", 2);
    const result = await bed.run(["cp", "s3://b/k", "target", ...PARTS]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expectFile(bed.folder.at("target"), LARGE);
    expect(bed.endpoint.requests).toHaveLength(2);
  });

  it.concurrent("are replaced by fresh ones, and the upload goes on", async () => {
    await using bed = await makeBed(way);
    writeFileSync(bed.folder.at("file"), LARGE);
    expireAt(bed, "UploadPart", 2);
    const result = await bed.run(["cp", "file", "s3://b/k", ...PARTS]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expect(bed.server.object("b", "k")?.body.equals(LARGE)).toBe(true);
    expect(bed.endpoint.requests).toHaveLength(2);
  });
});

describe("keys", () => {
  it.concurrent("that S3 calls expired again and again end the copy", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", LARGE);
    layTarget(bed);
    bed.faults.plan = plans.always("GetObject", {
      kind: "answer",
      answer: errorResponse(400, "ExpiredToken", "The provided token has expired."),
    });
    const result = await bed.run(["cp", "s3://b/k", "target", ...PARTS]);
    expectOneClearLine(result, /ExpiredToken/);
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
    expectTries(bed, "GetObject", 2, "all");
  });

  it.concurrent("that stand in the environment and expire end the copy: nobody can renew them", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", LARGE);
    const keys = bed.endpoint.keys.issue(Date.now() + 60_000);
    expireAt(bed, "GetObject", 2);
    const result = await bed.run(["cp", "s3://b/k", "target", ...PARTS], {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken ?? "",
    });
    expectOneClearLine(result, /ExpiredToken/);
    expect(result.code).toBe(1);
    expect(bed.endpoint.requests).toHaveLength(0);
  });
});

describe("a clock", () => {
  it.concurrent.for([-3_600_000, 3_600_000])(
    "that is off by %s ms is set right by the server's",
    async (off) => {
      await using bed = await makeBed("http");
      bed.server.behaviour.now = () => Date.now() + off;
      bed.server.put("b", "k", LARGE);
      // The keys must live by the server's clock.
      const keys = bed.endpoint.keys.issue(Date.now() + 4 * 3_600_000);
      const result = await bed.run(["cp", "s3://b/k", "target", ...PARTS], {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken ?? "",
      });
      expect(result.stderr).toBe("");
      expect(result.code).toBe(0);
      expectFile(bed.folder.at("target"), LARGE);
    },
  );

  it.concurrent.for([-30 * 3_600_000, 30 * 3_600_000])(
    "that is off by more than a day, %s ms, is not set by a server",
    async (off) => {
      await using bed = await makeBed("http");
      bed.server.behaviour.now = () => Date.now() + off;
      bed.server.put("b", "k", LARGE);
      const keys = bed.endpoint.keys.issue(Date.now() + 48 * 3_600_000);
      const result = await bed.run(["cp", "s3://b/k", "target"], {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken ?? "",
      });
      expectOneClearLine(result, /RequestTimeTooSkewed/);
      expect(result.code).toBe(1);
      expect(bed.faults.count("GetObject")).toBe(1);
    },
  );

  it.concurrent("that no correction helps is named", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", LARGE);
    bed.faults.plan = plans.always("GetObject", {
      kind: "answer",
      answer: errorResponse(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      ),
    });
    const result = await bed.run(["cp", "s3://b/k", "target"]);
    expectOneClearLine(result, /RequestTimeTooSkewed/);
    expect(result.stderr).toMatch(/clock/);
    expectTries(bed, "GetObject", 2, "all");
  });
});

const REDIRECTS = ["permanent-redirect", "temporary-redirect", "malformed"] as const;

describe.each(REDIRECTS)("a bucket of another region that answers with %s", (wrongRegion) => {
  it.concurrent.for(WAYS)("is found and remembered over %s", async (way) => {
    await using bed = await makeBed(way, { wrongRegion });
    bed.server.createBucket("far", "eu-central-1");
    bed.server.put("far", "k", LARGE);
    const down = await bed.run(["cp", "s3://far/k", "target", ...PARTS]);
    expect(down.stderr).toBe("");
    expect(down.code).toBe(0);
    expectFile(bed.folder.at("target"), LARGE);
    const wrong = bed.server.requests.filter((request) => request.status >= 300);
    expect(wrong.map(({ operation }) => operation)).toEqual(["GetObject"]);

    const up = await bed.run(["cp", "target", "s3://far/up", ...PARTS]);
    expect(up.stderr).toBe("");
    expect(bed.server.object("far", "up")?.body.equals(LARGE)).toBe(true);
    expect((await bed.run(["ls", "s3://far"])).code).toBe(0);
  });
});

describe("a redirect", () => {
  it.concurrent("that leads nowhere ends the copy", async () => {
    await using bed = await makeBed("http");
    let region = 0;
    bed.faults.plan = (request) => {
      if (request.operation !== "GetObject") return undefined;
      region += 1;
      const headers = { "x-amz-bucket-region": `region-${region}` };
      const answer = errorResponse(
        301,
        "PermanentRedirect",
        "The bucket must be addressed elsewhere.",
        headers,
      );
      return { kind: "answer", answer };
    };
    const result = await bed.run(["cp", "s3://b/k", "target"]);
    expectOneClearLine(result, /PermanentRedirect/);
    expect(result.code).toBe(1);
    expectTries(bed, "GetObject", 3, "all");
  });
});
