import { truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorResponse, type Fault } from "../support/fault-proxy/fault.js";
import type { FaultPlan } from "../support/fault-proxy/fault-proxy.js";
import {
  type Bed,
  type Count,
  expectOneClearLine,
  expectTries,
  expectTriesOfPart,
  makeBed,
  patterned,
} from "./bed.js";
import * as plans from "./plans.js";

const SMALL = patterned(300_000);
/** Three parts of 5 MiB, the last one short. */
const LARGE = patterned(10 * 1024 ** 2 + 5000);
const PART = ["--part-size", "5MiB"];
const PARTS = 3;
const IMPATIENT = ["--cli-read-timeout", "4"];

interface Case {
  readonly what: string;
  /** Struck operation, for the plans that are made from it. */
  readonly plan: (operation: string) => FaultPlan;
  readonly options?: readonly string[];
  readonly fails?: RegExp;
  /** Requests, one more than there are without a fault; of what fails, tries of the part that does (default 5). */
  readonly asked?: Count;
}

const once = (fault: Fault) => (operation: string) => plans.once(operation, fault);
const always = (fault: Fault) => (operation: string) => plans.always(operation, fault);

const RECOVERIES: readonly Case[] = [
  ...(["request-body", "before-answer", "header"] as const).flatMap((at) => [
    { what: `a reset at ${at}`, plan: once({ kind: "reset", at }) },
    { what: `a close at ${at}`, plan: once({ kind: "close", at }) },
  ]),
  { what: "a response that was lost", plan: once({ kind: "lost-answer" }) },
  { what: "a silent server", plan: once({ kind: "stall", at: "before-answer" }), options: IMPATIENT },
  { what: "500 InternalError", plan: once(plans.internalError) },
  { what: "503 SlowDown", plan: once(plans.slowDown) },
  { what: "503 before the body is read", plan: once(plans.refusedEarly) },
  { what: "400 RequestTimeout", plan: once(plans.requestTimeout) },
  { what: "400 BadDigest", plan: once(plans.badDigest) },
  { what: "a gateway's 502 page", plan: once(plans.gatewayPage) },
];

const FAILURES: readonly Case[] = [
  {
    what: "resets for ever",
    plan: always({ kind: "reset", at: "before-answer" }),
    fails: /No response|broke/,
  },
  {
    what: "resets in the body for ever",
    plan: always({ kind: "reset", at: "request-body" }),
    fails: /No response|broke/,
  },
  {
    what: "silence for ever",
    plan: always({ kind: "stall", at: "before-answer" }),
    options: IMPATIENT,
    fails: /No response|silent/,
  },
  { what: "500 for ever", plan: always(plans.internalError), fails: /InternalError/ },
  { what: "SlowDown for ever", plan: always(plans.slowDown), fails: /SlowDown/ },
  {
    what: "417 before the body is read",
    plan: always(plans.expectationFailed),
    fails: /417|Expectation/,
    // The response may get lost when its connection is closed while the body is on its way.
    asked: [1, 5],
  },
  { what: "a denial", plan: always(plans.denied), fails: /AccessDenied/, asked: 1 },
];

function lay(bed: Bed, body: Buffer): void {
  writeFileSync(bed.folder.at("file"), body);
}

function run(bed: Bed, options: readonly string[] = []) {
  return bed.run(["cp", "file", "s3://b/k", ...PART, ...options]);
}

async function expectRight(bed: Bed, body: Buffer, operation: string, one: Case) {
  lay(bed, body);
  bed.faults.plan = one.plan(operation);
  const result = await run(bed, one.options);
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  expect(bed.server.object("b", "k")?.body.equals(body)).toBe(true);
  // Who waits for so short a time may on a busy machine ask once too often, for an upload too.
  const creates = one.options === IMPATIENT ? bed.faults.count("CreateMultipartUpload") : 1;
  expect(bed.openUploads()).toBe(Math.max(0, creates - 1));
  const without = operation === "UploadPart" ? PARTS : 1;
  expectTries(bed, operation, one.options === IMPATIENT ? [without + 1, without + 4] : without + 1, 1);
}

async function expectNothing(bed: Bed, body: Buffer, operation: string, one: Case) {
  lay(bed, body);
  bed.server.put("b", "k", "before");
  bed.faults.plan = one.plan(operation);
  const result = await run(bed, one.options);
  expectOneClearLine(result, one.fails ?? /./);
  expect(result.code).toBe(1);
  expect(bed.server.object("b", "k")?.body.toString()).toBe("before");
  expect(bed.openUploads()).toBe(0);
  expectTriesOfPart(bed, operation, one.asked ?? 5);
}

describe.each(["http", "https"] as const)("an upload over %s", (way) => {
  it.concurrent.for(RECOVERIES)("in one request outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, SMALL, "PutObject", one);
  });

  it.concurrent.for(RECOVERIES)("in parts outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, LARGE, "UploadPart", one);
  });

  it.concurrent.for(FAILURES)("in one request ends at $what", async (one) => {
    await using bed = await makeBed(way);
    await expectNothing(bed, SMALL, "PutObject", one);
  });

  it.concurrent.for(FAILURES)("in parts ends at $what, and is aborted", async (one) => {
    await using bed = await makeBed(way);
    await expectNothing(bed, LARGE, "UploadPart", one);
    expect(bed.faults.count("AbortMultipartUpload")).toBe(1);
  });
});

/** The same code sends it; what differs is how connections are made, kept and given up. */
const ABOUT_CONNECTIONS = ["a reset at request-body", "a close at before-answer", "a silent server"];

describe.each(["http through a proxy", "https through a proxy"] as const)("an upload over %s", (way) => {
  const cases = RECOVERIES.filter(({ what }) => ABOUT_CONNECTIONS.includes(what));

  it.concurrent.for(cases)("in one request outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, SMALL, "PutObject", one);
  });

  it.concurrent.for(cases)("in parts outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, LARGE, "UploadPart", one);
  });

  it.concurrent("ends at silence for ever", async () => {
    await using bed = await makeBed(way);
    const plan = always({ kind: "stall", at: "before-answer" });
    await expectNothing(bed, LARGE, "UploadPart", {
      what: "",
      plan,
      options: IMPATIENT,
      fails: /No response/,
    });
  });
});

describe("a multipart upload", () => {
  const RARE = ["CreateMultipartUpload", "CompleteMultipartUpload"];
  const TROUBLES: readonly Case[] = [
    { what: "a reset", plan: once({ kind: "reset", at: "before-answer" }) },
    { what: "500 InternalError", plan: once(plans.internalError) },
    { what: "503 SlowDown", plan: once(plans.slowDown) },
  ];

  for (const operation of RARE) {
    it.concurrent.for(TROUBLES)(`outlives $what of ${operation}`, async (one) => {
      await using bed = await makeBed("http");
      await expectRight(bed, LARGE, operation, one);
    });

    it.concurrent(`ends at a denied ${operation}`, async () => {
      await using bed = await makeBed("http");
      await expectNothing(bed, LARGE, operation, {
        what: "",
        plan: always(plans.denied),
        fails: /AccessDenied/,
        asked: 1,
      });
    });
  }

  it.concurrent("is completed again when the response was 200 with an error inside", async () => {
    await using bed = await makeBed("http");
    await expectRight(bed, LARGE, "CompleteMultipartUpload", { what: "", plan: once(plans.errorInside200) });
  });

  it.concurrent("is aborted when every completion answers 200 with an error inside", async () => {
    await using bed = await makeBed("http");
    const one = { what: "", plan: always(plans.errorInside200), fails: /InternalError/ };
    await expectNothing(bed, LARGE, "CompleteMultipartUpload", one);
  });

  it.concurrent("whose completion's response was lost is done, as its checksum proves", async () => {
    await using bed = await makeBed("http");
    await expectRight(bed, LARGE, "CompleteMultipartUpload", {
      what: "",
      plan: once({ kind: "lost-answer" }),
    });
    expect(bed.faults.count("HeadObject")).toBe(1);
  });

  it.concurrent("says why it failed even when it cannot be aborted", async () => {
    await using bed = await makeBed("http");
    lay(bed, LARGE);
    bed.faults.plan = (request) => {
      if (request.operation === "UploadPart") return plans.denied;
      return request.operation === "AbortMultipartUpload" ? plans.internalError : undefined;
    };
    const result = await run(bed);
    expectOneClearLine(result, /AccessDenied/);
    expect(result.code).toBe(1);
    expect(bed.faults.struck("UploadPart")).toBeGreaterThanOrEqual(1);
    expectTries(bed, "AbortMultipartUpload", [1, 6], "all");
  });
});

const OPERATIONS = [
  { operation: "PutObject", body: SMALL },
  { operation: "UploadPart", body: LARGE },
];

describe.each(["http", "https"] as const)("data that is changed on its way over %s", (way) => {
  it.concurrent.for(OPERATIONS)("once is sent again: $operation", async ({ operation, body }) => {
    await using bed = await makeBed(way);
    await expectRight(bed, body, operation, { what: "", plan: once(plans.flipSentBit) });
  });

  it.concurrent.for(OPERATIONS)("each time is refused: $operation", async ({ operation, body }) => {
    await using bed = await makeBed(way);
    const fails = /BadDigest|XAmzContentSHA256Mismatch/;
    await expectNothing(bed, body, operation, { what: "", plan: always(plans.flipSentBit), fails });
  });

  it.concurrent.for(OPERATIONS)(
    "once is sent again to a store that knows no checksums: $operation",
    async ({ operation, body }) => {
      await using bed = await makeBed(way, { modernChecksums: false });
      await expectRight(bed, body, operation, { what: "", plan: once(plans.flipSentBit) });
    },
  );

  it.concurrent.for(OPERATIONS)(
    "each time fails at a store that knows no checksums: $operation",
    async ({ operation, body }) => {
      await using bed = await makeBed(way, { modernChecksums: false });
      lay(bed, body);
      bed.faults.plan = plans.always(operation, plans.flipSentBit);
      const result = await run(bed);
      // Over TLS once more, with the body's hash in the signature.
      expectTriesOfPart(bed, operation, way === "https" ? 6 : 5);
      expectOneClearLine(result, way === "https" ? /stored data that it had not compared/ : /SHA256Mismatch/);
      expect(result.code).toBe(1);
      const isStored = way === "https" && operation === "PutObject";
      expect(result.stderr.includes("The object in the bucket is wrong")).toBe(isStored);
      expect(bed.openUploads()).toBe(0);
    },
  );
});

describe("a PUT whose answer names another checksum", () => {
  const otherSum = plans.withHeader("x-amz-checksum-crc64nvme", () => "AAAAAAAAAAA=");

  it.concurrent.for(OPERATIONS)("once is sent again: $operation", async ({ operation, body }) => {
    await using bed = await makeBed("https");
    await expectRight(bed, body, operation, { what: "", plan: once(otherSum) });
  });

  it.concurrent.for(OPERATIONS)("each time fails: $operation", async ({ operation, body }) => {
    await using bed = await makeBed("https");
    lay(bed, body);
    bed.faults.plan = plans.always(operation, otherSum);
    const result = await run(bed, ["--concurrency", "1"]);
    expectOneClearLine(result, /S3 stored other data than was sent: its CRC64NVME checksum is AAAAAAAAAAA=/);
    expect(result.code).toBe(1);
    expectTries(bed, operation, 5, "all");
    expect(bed.openUploads()).toBe(0);
  });
});

describe("a 200 that is no success", () => {
  const SPACE = " ".repeat(100_000);
  const two = (body: string): Fault => ({
    kind: "answer",
    answer: { status: 200, headers: {}, body: Buffer.from(body) },
  });
  const UNDONE = [
    { what: "nothing", fault: two(""), code: "200" },
    { what: "a login page", fault: plans.loginPage, code: "200" },
    { what: "half a result", fault: two("<CompleteMultipartUploadResult><ETag>x"), code: "200" },
    {
      what: "an error behind white space",
      fault: two(`${SPACE}<Error><Code>InternalError</Code><Message>m</Message></Error>`),
      code: "InternalError",
    },
  ];
  for (const operation of ["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]) {
    const body = operation === "PutObject" ? SMALL : LARGE;

    it.concurrent.for(UNDONE)(`but $what, once, to ${operation}`, async ({ fault }) => {
      await using bed = await makeBed("https");
      await expectRight(bed, body, operation, { what: "", plan: once(fault) });
    });

    it.concurrent.for(UNDONE)(`but $what, each time, to ${operation}`, async ({ fault, code }) => {
      await using bed = await makeBed("https");
      const fails = new RegExp(`\\(${code}\\) when calling the ${operation} operation`);
      await expectNothing(bed, body, operation, { what: "", plan: always(fault), fails });
    });
  }
});

describe("a NoSuchUpload at the completion", () => {
  const gone: Fault = {
    kind: "answer",
    answer: errorResponse(404, "NoSuchUpload", "The specified upload does not exist."),
  };

  it.concurrent("is a failure, also when an older object of that size and shape is there", async () => {
    await using bed = await makeBed("https");
    lay(bed, LARGE);
    const old = Buffer.alloc(LARGE.length, 1);
    bed.server.put("b", "k", old, { etag: `${"a".repeat(32)}-${PARTS}` });
    bed.faults.plan = plans.always("CompleteMultipartUpload", gone);
    const result = await run(bed);
    expectOneClearLine(result, /\(NoSuchUpload\) when calling the CompleteMultipartUpload operation/);
    expect(result.code).toBe(1);
    expect(bed.faults.count("CompleteMultipartUpload")).toBe(1);
    expect(bed.faults.count("HeadObject")).toBe(0);
    expect(bed.server.object("b", "k")?.body.equals(old)).toBe(true);
  });
});

describe("a file that changes while it goes up", () => {
  it.concurrent.for([
    { what: "grows shorter", change: (path: string) => truncateSync(path, 1000) },
    { what: "is emptied", change: (path: string) => truncateSync(path, 0) },
  ])("and $what fails and leaves nothing", async ({ change }) => {
    await using bed = await makeBed("http");
    lay(bed, LARGE);
    bed.faults.onRequest = (request) => {
      if (request.operation === "CreateMultipartUpload") change(bed.folder.at("file"));
    };
    const result = await run(bed, ["--concurrency", "1"]);
    expectOneClearLine(result, /changed|shorter/);
    expect(result.code).toBe(1);
    expect(bed.server.object("b", "k")).toBeUndefined();
    expect(bed.openUploads()).toBe(0);
  });
});
