import { describe, expect, it } from "vitest";
import type { Fault } from "../support/fault-proxy/fault.js";
import { type Bed, expectOneClearLine, makeBed, patterned } from "./bed.js";
import * as plans from "./plans.js";

const SMALL = patterned(100_000);
const LARGE = patterned(16 * 1024 ** 2 + 1000);

interface Kind {
  readonly operation: "CopyObject" | "UploadPartCopy";
  readonly body: Buffer;
}

const KINDS: readonly Kind[] = [
  { operation: "CopyObject", body: SMALL },
  { operation: "UploadPartCopy", body: LARGE },
];

const RECOVERIES: readonly { what: string; fault: Fault }[] = [
  { what: "a reset before the answer", fault: { kind: "reset", at: "before-answer" } },
  { what: "a close in the header", fault: { kind: "close", at: "header" } },
  { what: "a close in the body", fault: { kind: "close", at: "body" } },
  { what: "an answer that was lost", fault: { kind: "lost-answer" } },
  { what: "500 InternalError", fault: plans.internalError },
  { what: "503 SlowDown", fault: plans.slowDown },
  { what: "200 with an error inside", fault: plans.errorInside200 },
];

const FAILURES: readonly { what: string; fault: Fault; fails: RegExp }[] = [
  { what: "resets for ever", fault: { kind: "reset", at: "before-answer" }, fails: /No answer|broke/ },
  { what: "500 for ever", fault: plans.internalError, fails: /InternalError/ },
  { what: "200 with an error inside for ever", fault: plans.errorInside200, fails: /InternalError/ },
  { what: "a denial", fault: plans.denied, fails: /AccessDenied/ },
];

/** Copies by parts begin where S3's limit for one request is; the bed sets the threshold with a part size. */
function run(bed: Bed, { operation }: Kind) {
  const parts = operation === "UploadPartCopy" ? ["--part-size", "5MiB"] : [];
  return bed.run(["cp", "s3://b/from", "s3://b/to", ...parts]);
}

describe.each(["http", "https"] as const)("a copy over %s", (way) => {
  for (const kind of KINDS) {
    it.concurrent.for(RECOVERIES)(`by ${kind.operation} outlives $what`, async ({ fault }) => {
      await using bed = await makeBed(way);
      bed.server.put("b", "from", kind.body);
      bed.faults.plan = plans.once(kind.operation, fault);
      const result = await run(bed, kind);
      expect(result.stderr).toBe("");
      expect(result.code).toBe(0);
      expect(bed.server.object("b", "to")?.body.equals(kind.body)).toBe(true);
      expect(bed.openUploads()).toBe(0);
      expect(bed.faults.count(kind.operation)).toBeGreaterThanOrEqual(2);
    });

    it.concurrent.for(FAILURES)(`by ${kind.operation} ends at $what`, async ({ fault, fails }) => {
      await using bed = await makeBed(way);
      bed.server.put("b", "from", kind.body);
      bed.server.put("b", "to", "before");
      bed.faults.plan = plans.always(kind.operation, fault);
      const result = await run(bed, kind);
      expectOneClearLine(result, fails);
      expect(result.code).toBe(1);
      expect(bed.server.object("b", "to")?.body.toString()).toBe("before");
      expect(bed.openUploads()).toBe(0);
      expect(bed.faults.count(kind.operation)).toBeLessThanOrEqual(5 * 4);
    });
  }

  it.concurrent("notices that its source was replaced between two parts", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "from", LARGE);
    bed.server.put("b", "to", "before");
    bed.faults.onRequest = () => {
      if (bed.faults.count("UploadPartCopy") === 1) bed.server.put("b", "from", Buffer.from(LARGE).fill(1));
    };
    const result = await run(bed, { operation: "UploadPartCopy", body: LARGE });
    expectOneClearLine(result, /replaced|changed|PreconditionFailed/);
    expect(result.code).toBe(1);
    expect(bed.server.object("b", "to")?.body.toString()).toBe("before");
    expect(bed.openUploads()).toBe(0);
  });
});
