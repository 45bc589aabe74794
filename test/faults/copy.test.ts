import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { errorResponse, type Fault } from "../support/fault-proxy/fault.js";
import { xmlResponse } from "../support/s3-server/operation.js";
import { header, parameter } from "../support/s3-server/s3-request.js";
import { document, element } from "../support/s3-server/xml.js";
import {
  type Bed,
  expectOneClearLine,
  expectTries,
  expectTriesOfPart,
  makeBed,
  patterned,
  type Way,
} from "./bed.js";
import * as plans from "./plans.js";

const SMALL = patterned(100_000);
/** More than S3 copies in one request. */
const LARGE_SIZE = 5 * 1024 ** 3 + 1000;
const PART_SIZE = ["--part-size", "128MiB"];
const PARTS = 41;

const KINDS = ["CopyObject", "UploadPartCopy"] as const;
type Kind = (typeof KINDS)[number];

/** The ranges that a large object must be copied in, one after the other: `0-99,100-199,`. */
function expectRanges(text: string): void {
  const ranges = text
    .split(",")
    .slice(0, -1)
    .map((range) => range.split("-").map(Number));
  expect(ranges).toHaveLength(PARTS);
  expect(ranges[0]?.[0]).toBe(0);
  expect(ranges.at(-1)?.[1]).toBe(LARGE_SIZE - 1);
  for (const [index, [start]] of ranges.entries()) {
    if (index > 0) expect(start).toBe((ranges[index - 1]?.[1] ?? 0) + 1);
  }
}

/**
 * Lays the source. One of more than 5 GiB is a pretence: HEAD tells its size, and a part copied from it consists of the
 * range that was asked for, in words.
 */
function laySource(bed: Bed, kind: Kind): void {
  bed.server.put("b", "from", SMALL);
  if (kind === "CopyObject") return;
  // The checksum is that of what stands in its place.
  bed.server.alter = (answer, { operation }) => {
    if (operation !== "HeadObject") return answer;
    const { "x-amz-checksum-crc64nvme": _, ...headers } = answer.headers;
    return { ...answer, headers: { ...headers, "content-length": String(LARGE_SIZE) } };
  };
  bed.server.instead = (request) => {
    if (request.operation !== "UploadPartCopy") return undefined;
    const pinned = header(request, "x-amz-copy-source-if-match")?.replaceAll('"', "");
    if (pinned !== bed.server.object("b", "from")?.etag) {
      return errorResponse(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
      );
    }
    const upload = bed.server.bucket("b").uploads.get(parameter(request, "uploadId") ?? "");
    const range = header(request, "x-amz-copy-source-range")?.replace("bytes=", "");
    const body = Buffer.from(`${range},`);
    const partETag = createHash("md5").update(body).digest("hex");
    const part = { body, etag: partETag, lastModified: Date.now() };
    upload?.parts.set(Number(parameter(request, "partNumber")), part);
    return xmlResponse(document("CopyPartResult", element("ETag", `"${partETag}"`)));
  };
}

function expectCopied(bed: Bed, kind: Kind): void {
  const copy = bed.server.object("b", "to")?.body ?? Buffer.alloc(0);
  if (kind === "CopyObject") {
    expect(copy.equals(SMALL)).toBe(true);
    return;
  }
  expectRanges(copy.toString());
  const pins = bed.faults.requests
    .filter(({ operation }) => operation === kind)
    .map((request) => header(request, "x-amz-copy-source-if-match"));
  expect(new Set(pins)).toEqual(new Set([`"${bed.server.object("b", "from")?.etag}"`]));
}

const two = (body: string): Fault => ({
  kind: "answer",
  answer: { status: 200, headers: {}, body: Buffer.from(body) },
});
const BEHIND_SPACE = two(
  `${" ".repeat(100_000)}<Error><Code>InternalError</Code><Message>m</Message></Error>`,
);

const RECOVERIES: readonly { what: string; fault: Fault }[] = [
  { what: "a reset before the response", fault: { kind: "reset", at: "before-answer" } },
  { what: "a close in the header", fault: { kind: "close", at: "header" } },
  { what: "a close in the body", fault: { kind: "close", at: "body" } },
  { what: "a response that was lost", fault: { kind: "lost-answer" } },
  { what: "500 InternalError", fault: plans.internalError },
  { what: "503 SlowDown", fault: plans.slowDown },
  { what: "200 with an error inside", fault: plans.errorInside200 },
  { what: "200 with an error behind white space", fault: BEHIND_SPACE },
  { what: "200 with nothing", fault: two("") },
  { what: "200 with half a result", fault: two("<CopyObjectResult><ETag>x") },
  { what: "200 with a login page", fault: plans.loginPage },
];

const FAILURES: readonly { what: string; fault: Fault; fails: RegExp; asked?: number }[] = [
  { what: "resets for ever", fault: { kind: "reset", at: "before-answer" }, fails: /No response|broke/ },
  { what: "500 for ever", fault: plans.internalError, fails: /InternalError/ },
  { what: "200 with an error inside for ever", fault: plans.errorInside200, fails: /InternalError/ },
  { what: "200 with an error behind white space for ever", fault: BEHIND_SPACE, fails: /InternalError/ },
  { what: "200 with nothing for ever", fault: two(""), fails: /does not confirm that it was done/ },
  {
    what: "200 with a login page for ever",
    fault: plans.loginPage,
    fails: /does not confirm that it was done/,
  },
  { what: "a denial", fault: plans.denied, fails: /AccessDenied/, asked: 1 },
];

const run = (bed: Bed) => bed.run(["cp", "s3://b/from", "s3://b/to", ...PART_SIZE]);

const makeCopyBed = (way: Way) => makeBed(way, { limits: { minimumPart: 1 } });

describe.each(["http", "https"] as const)("a copy over %s", (way) => {
  for (const kind of KINDS) {
    it.concurrent.for(RECOVERIES)(`by ${kind} outlives $what`, async ({ fault }) => {
      await using bed = await makeCopyBed(way);
      laySource(bed, kind);
      bed.faults.plan = plans.once(kind, fault);
      const result = await run(bed);
      expect(result.stderr).toBe("");
      expect(result.code).toBe(0);
      expectCopied(bed, kind);
      expect(bed.openUploads()).toBe(0);
      expectTries(bed, kind, kind === "CopyObject" ? 2 : PARTS + 1, 1);
    });

    it.concurrent.for(FAILURES)(`by ${kind} ends at $what`, async ({ fault, fails, asked = 5 }) => {
      await using bed = await makeCopyBed(way);
      laySource(bed, kind);
      bed.server.put("b", "to", "before");
      bed.faults.plan = plans.always(kind, fault);
      const result = await run(bed);
      expectOneClearLine(result, fails);
      expect(result.code).toBe(1);
      expect(bed.server.object("b", "to")?.body.toString()).toBe("before");
      expect(bed.openUploads()).toBe(0);
      expectTriesOfPart(bed, kind, asked);
    });
  }

  it.concurrent("notices that its source was replaced between two parts", async () => {
    await using bed = await makeCopyBed(way);
    laySource(bed, "UploadPartCopy");
    bed.server.put("b", "to", "before");
    bed.faults.onRequest = () => {
      if (bed.faults.count("UploadPartCopy") === 2) bed.server.put("b", "from", "another");
    };
    const result = await run(bed);
    expectOneClearLine(result, /replaced|changed|PreconditionFailed/);
    expect(result.code).toBe(1);
    expect(bed.server.object("b", "to")?.body.toString()).toBe("before");
    expect(bed.openUploads()).toBe(0);
  });
});

describe("a copy in parts", () => {
  it.concurrent.for(["CRC32", "CRC64NVME"])("has the checksum that was asked for: %s", async (algorithm) => {
    await using bed = await makeCopyBed("https");
    laySource(bed, "UploadPartCopy");
    const result = await bed.run([
      ...["cp", "s3://b/from", "s3://b/to", ...PART_SIZE],
      ...["--checksum-algorithm", algorithm],
    ]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expectCopied(bed, "UploadPartCopy");
    expect(bed.server.object("b", "to")?.checksum).toMatchObject({ algorithm, type: "FULL_OBJECT" });
  });

  it.concurrent("goes again when its tags cannot be written", async () => {
    await using bed = await makeCopyBed("https");
    laySource(bed, "UploadPartCopy");
    // More than fit in a header.
    const tags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`t${index}`, "x".repeat(250)]));
    bed.server.put("b", "from", SMALL, { tags });
    const control = await run(bed);
    expect(control).toMatchObject({ code: 0, stderr: "" });
    expect(bed.server.object("b", "to")?.tags).toEqual(tags);
    bed.faults.plan = plans.always("PutObjectTagging", plans.denied);
    const result = await run(bed);
    expectOneClearLine(result, /\(AccessDenied\) when calling the PutObjectTagging operation/);
    expect(result.code).toBe(1);
    expect(bed.server.object("b", "to")).toBeUndefined();
  });
});
