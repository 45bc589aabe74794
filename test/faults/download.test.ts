import { describe, expect, it } from "vitest";
import type { Fault } from "../support/fault-proxy/fault.js";
import type { FaultPlan } from "../support/fault-proxy/fault-proxy.js";
import {
  BEFORE,
  type Bed,
  type Count,
  expectFile,
  expectNoLeftovers,
  expectOneClearLine,
  expectTries,
  layTarget,
  makeBed,
  patterned,
  WAYS,
} from "./bed.js";
import * as plans from "./plans.js";

const SMALL = patterned(100_000);
/** Three pieces of 5 MiB, the last one short. */
const LARGE = patterned(10 * 1024 ** 2 + 5000);
const PIECE = ["--part-size", "5MiB"];

interface Case {
  readonly what: string;
  readonly plan: FaultPlan;
  readonly options?: readonly string[];
  /** The line, when the copy fails; a copy that must come out right has none. */
  readonly fails?: RegExp;
  /** Requests of GetObject: where it is not one more than pieces for what comes out right, and five for what fails. */
  readonly asked?: (pieces: number) => Count;
  /** Requests of GetObject that the fault strikes, where it is not one for what comes out right, and each for what fails. */
  readonly struck?: number | "all";
}

const reset = (at: "before-answer" | "header" | "body"): Fault => ({ kind: "reset", at });
const close = (at: "before-answer" | "header" | "body"): Fault => ({ kind: "close", at });
const stall = (at: "before-answer" | "header" | "body"): Fault => ({ kind: "stall", at });
const IMPATIENT = ["--cli-read-timeout", "4"];
/** Who waits for so short a time may on a busy machine ask once too often. */
const aboutOneMore = (pieces: number): Count => [pieces + 1, pieces + 4];
const once = () => 1;
/** What may be the response to another request is asked for once more, on a connection of its own. */
const twice = () => 2;

const RECOVERIES: readonly Case[] = [
  ...(["before-answer", "header", "body"] as const).flatMap((at) => [
    { what: `a reset at ${at}`, plan: plans.once("GetObject", reset(at)) },
    { what: `a close at ${at}`, plan: plans.once("GetObject", close(at)) },
    {
      what: `a stall at ${at}`,
      plan: plans.once("GetObject", stall(at)),
      options: IMPATIENT,
      asked: aboutOneMore,
    },
  ]),
  {
    what: "a body cut short each time",
    plan: plans.always("GetObject", close("body")),
    // Half of what is left each time: of 100,000 bytes, or of 5 MiB twice and 5,000.
    asked: (pieces) => (pieces === 1 ? [17, 19] : [59, 70]),
    struck: "all",
  },
  {
    what: "a slow drip",
    // Longer than the limit in all, and never silent for so long.
    plan: plans.once("GetObject", { kind: "drip", pieces: 10, pauseMs: 500 }),
    options: ["--cli-read-timeout", "4"],
    asked: (pieces) => pieces,
  },
  { what: "500 InternalError", plan: plans.once("GetObject", plans.internalError) },
  { what: "503 SlowDown", plan: plans.once("GetObject", plans.slowDown) },
  { what: "400 RequestTimeout", plan: plans.once("GetObject", plans.requestTimeout) },
  { what: "a gateway's 502 page", plan: plans.once("GetObject", plans.gatewayPage) },
  { what: "a harmed byte", plan: plans.once("GetObject", plans.flipByte), asked: (pieces) => 2 * pieces },
];

const FAILURES: readonly Case[] = [
  {
    what: "resets for ever",
    plan: plans.always("GetObject", reset("before-answer")),
    fails: /No response|broke/,
  },
  { what: "closes for ever", plan: plans.always("GetObject", close("header")), fails: /No response|broke/ },
  {
    what: "silence for ever",
    plan: plans.always("GetObject", stall("before-answer")),
    options: IMPATIENT,
    fails: /No response|silent|timed? ?out/i,
  },
  { what: "500 for ever", plan: plans.always("GetObject", plans.internalError), fails: /InternalError/ },
  { what: "SlowDown for ever", plan: plans.always("GetObject", plans.slowDown), fails: /SlowDown/ },
  { what: "a denial", plan: plans.always("GetObject", plans.denied), fails: /AccessDenied/, asked: once },
  {
    what: "a Content-Range of other bytes",
    plan: plans.always(
      "GetObject",
      plans.withHeader("content-range", () => "bytes 7-11/100000"),
    ),
    fails: /not what was asked for/,
    asked: twice,
  },
  {
    what: "a Content-Range that nobody can read",
    plan: plans.always(
      "GetObject",
      plans.withHeader("content-range", () => "bytes all/of it"),
    ),
    fails: /not what was asked for/,
    asked: twice,
  },
  {
    what: "a harmed byte",
    plan: plans.always("GetObject", plans.flipByte),
    fails: /checksum/i,
    asked: (pieces) => 3 * pieces,
  },
];

function args(options: readonly string[] = []): string[] {
  return ["cp", "s3://b/k", "target", ...options];
}

async function expectRight(bed: Bed, body: Buffer, pieces: number, one: Case) {
  const { plan, options, asked = (count) => count + 1, struck = 1 } = one;
  bed.server.put("b", "k", body);
  layTarget(bed);
  bed.faults.plan = plan;
  const result = await bed.run(args([...(pieces > 1 ? PIECE : []), ...(options ?? [])]));
  expect(result.stderr).toBe("");
  expect(result.code).toBe(0);
  expectFile(bed.folder.at("target"), body);
  expectNoLeftovers(bed, ["target"]);
  expectTries(bed, "GetObject", asked(pieces), struck);
}

async function expectUntouched(bed: Bed, body: Buffer, pieces: number, one: Case) {
  bed.server.put("b", "k", body);
  layTarget(bed);
  bed.faults.plan = one.plan;
  const result = await bed.run(args([...(pieces > 1 ? PIECE : []), ...(one.options ?? [])]));
  expectOneClearLine(result, one.fails ?? /./);
  expect(result.code).toBe(1);
  expectFile(bed.folder.at("target"), BEFORE);
  expectNoLeftovers(bed, ["target"]);
  expectTries(bed, "GetObject", one.asked?.(pieces) ?? 5, one.struck ?? "all");
}

describe.each(WAYS)("a download over %s", (way) => {
  it.concurrent.for(RECOVERIES)("of one piece outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, SMALL, 1, one);
  });

  // Through a tunnel the same reader reads them as through the other proxy.
  const inPieces = way === "https through a proxy" ? [] : RECOVERIES;

  it.concurrent.for(inPieces)("of three pieces outlives $what", async (one) => {
    await using bed = await makeBed(way);
    await expectRight(bed, LARGE, 3, one);
  });

  it.concurrent.for(FAILURES)("of one piece ends at $what", async (one) => {
    await using bed = await makeBed(way);
    await expectUntouched(bed, SMALL, 1, one);
  });

  it.concurrent.for(inPieces.length === 0 ? [] : FAILURES)("of three pieces ends at $what", async (one) => {
    await using bed = await makeBed(way);
    await expectUntouched(bed, LARGE, 3, one);
  });

  it.concurrent("of three pieces never takes a whole object for a piece of it", async () => {
    await using bed = await makeBed(way);
    const wholeObject: Fault = {
      kind: "alter",
      change: ({ headers: { "content-range": _, ...headers } }) => ({ status: 200, headers, body: LARGE }),
    };
    bed.server.put("b", "k", LARGE);
    layTarget(bed);
    bed.faults.plan = (request, count) =>
      request.operation === "GetObject" && count > 1 ? wholeObject : undefined;
    const result = await bed.run(args(PIECE));
    expectOneClearLine(result, /not what was asked for/);
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
    expectNoLeftovers(bed, ["target"]);
    // Two parts are under way at once, and each is asked for twice at most.
    const asked = bed.faults.count("GetObject");
    expectTries(bed, "GetObject", [3, 5], asked - 1);
  });

  it.concurrent("never takes a login page for an object", async () => {
    await using bed = await makeBed(way);
    await expectUntouched(bed, LARGE, 1, {
      what: "",
      plan: plans.always("GetObject", plans.loginPage),
      fails: /not what was asked for|checksum/,
      asked: twice,
    });
  });

  it.concurrent("takes no byte beyond Content-Length", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "k", LARGE);
    bed.faults.plan = plans.always("GetObject", { kind: "overlong", bytes: 1000 });
    const result = await bed.run(args(PIECE));
    expect(bed.faults.struck("GetObject")).toBeGreaterThanOrEqual(1);
    if (result.code === 0) {
      expectFile(bed.folder.at("target"), LARGE);
      expectNoLeftovers(bed, ["target"]);
    } else {
      expect(result.code).toBe(1);
      expectOneClearLine(result, /./);
      expectNoLeftovers(bed, []);
    }
  });

  it.concurrent("of three pieces notices that the object was replaced", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "k", LARGE);
    layTarget(bed);
    bed.faults.onRequest = () => {
      if (bed.faults.count("GetObject") === 2) bed.server.put("b", "k", Buffer.from(LARGE).fill(1));
    };
    const result = await bed.run(args([...PIECE, "--concurrency", "1"]));
    expectOneClearLine(result, /replaced/);
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
    expectNoLeftovers(bed, ["target"]);
  });

  it.concurrent("notices between two tries of a piece that the object was replaced", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "k", SMALL);
    layTarget(bed);
    bed.faults.plan = plans.once("GetObject", close("body"));
    bed.faults.onRequest = () => {
      if (bed.faults.count("GetObject") === 2) bed.server.put("b", "k", Buffer.from(SMALL).fill(1));
    };
    const result = await bed.run(args());
    expectOneClearLine(result, /replaced/);
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
  });

  it.concurrent("to standard output breaks off with an error where it cannot go on", async () => {
    await using bed = await makeBed(way);
    bed.server.put("b", "k", LARGE);
    bed.faults.plan = (request, count) =>
      request.operation === "GetObject" && count > 1 ? plans.denied : undefined;
    const result = await bed.run(["cp", "s3://b/k", "-", ...PIECE]);
    expect(result.code).toBe(1);
    expectOneClearLine(result, /AccessDenied/);
    expect(result.stdoutBytes.length).toBeLessThan(LARGE.length);
    expect(LARGE.subarray(0, result.stdoutBytes.length).equals(result.stdoutBytes)).toBe(true);
  });
});

describe("the checksum of a download in parts", () => {
  const refused = (status: number): Fault => ({
    kind: "answer",
    answer: { status, headers: {}, body: Buffer.alloc(0) },
  });
  const otherEtag = plans.withHeader("etag", () => '"another"');
  const none = plans.withHeader("x-amz-checksum-crc64nvme", () => undefined);
  /** Five that count; while the server serves parts, others do not. */
  const MANY = [5, 25] as const;
  const ONCE_OR_TWICE = [1, 2] as const;

  it.concurrent.for([
    { what: "503", fault: refused(503) },
    { what: "a reset", fault: reset("before-answer") },
  ])("is asked for again after $what", async ({ fault }) => {
    await using bed = await makeBed("https");
    const plan = plans.once("HeadObject", fault);
    await expectRight(bed, LARGE, 3, { what: "", plan, asked: (pieces) => pieces, struck: 0 });
    expectTries(bed, "HeadObject", 2, 1);
  });

  for (const options of [[], ["--checksum-mode", "ENABLED"]]) {
    it.concurrent.for([
      {
        what: "503 for ever",
        fault: refused(503),
        fails: /\(503\) when calling the HeadObject/,
        heads: MANY,
      },
      {
        what: "resets for ever",
        fault: reset("before-answer"),
        fails: /No response when calling the HeadObject/,
        heads: MANY,
      },
      { what: "412", fault: refused(412), fails: /replaced/, heads: ONCE_OR_TWICE },
      { what: "another ETag", fault: otherEtag, fails: /replaced/, heads: ONCE_OR_TWICE },
    ])(`fails at $what ${options.join(" ")}`, async ({ fault, fails, heads }) => {
      await using bed = await makeBed("https");
      const plan = plans.always("HeadObject", fault);
      await expectUntouched(bed, LARGE, 3, {
        what: "",
        plan,
        options,
        fails,
        asked: () => [1, 4],
        struck: 0,
      });
      expectTries(bed, "HeadObject", heads, "all");
    });
  }

  /**
   * A refusal without a body is looked into by a GET of the object's first byte, and HEAD made again when that is served. 501
   * may be meant for the header that asks for checksums: until it is known not to be, HEAD is made again without.
   */
  const UNTOLD = [
    { what: "403", fault: refused(403), words: /was not verified: HEAD is refused \(403\)/, heads: 2 },
    { what: "405", fault: refused(405), words: /was not verified: HEAD is refused \(405\)/, heads: 2 },
    {
      what: "501",
      fault: refused(501),
      words: /was not verified: HEAD is refused \(501\)/,
      heads: 1,
      most: 2,
    },
    { what: "no checksum", fault: none, words: /was not verified: the server gives no checksum/, heads: 1 },
  ];

  it.concurrent.for(UNTOLD)(
    "is told once not to be there at $what",
    async ({ fault, words, heads, most = heads }) => {
      await using bed = await makeBed("https");
      for (const key of ["t/one", "t/two"]) bed.server.put("b", key, LARGE);
      bed.faults.plan = plans.always("HeadObject", fault);
      const result = await bed.run(["cp", "s3://b/t", "t", "--recursive", ...PIECE]);
      expect(result.code).toBe(0);
      expect(result.stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(words)]);
      for (const name of ["t/one", "t/two"]) expectFile(bed.folder.at(name), LARGE);
      const json = await bed.run(["cp", "s3://b/t", "u", "--recursive", "--json", ...PIECE]);
      const notes = json.stdout.split("\n").filter((line) => line.startsWith('{"event":"unverified"'));
      expect(notes).toHaveLength(2);
      expect(json).toMatchObject({ code: 0, stderr: "" });
      expectTries(bed, "HeadObject", [4 * heads, 4 * most], "all");
    },
  );

  it.concurrent.for(UNTOLD)("that was asked for fails at $what", async ({ fault, heads, most = heads }) => {
    await using bed = await makeBed("https");
    const plan = plans.always("HeadObject", fault);
    const options = ["--checksum-mode", "ENABLED"];
    await expectUntouched(bed, LARGE, 3, {
      what: "",
      plan,
      options,
      fails: /There is no checksum to verify/,
      asked: () => [1, 4],
      struck: 0,
    });
    expectTries(bed, "HeadObject", [heads, most], "all");
  });
});

describe("checksums of a download", () => {
  const LENGTHS = { CRC64NVME: 8, CRC32: 4, CRC32C: 4, SHA1: 20, SHA256: 32, SHA512: 64 };

  it.concurrent.for(Object.entries(LENGTHS))("catch what %s can", async ([algorithm, length]) => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL, {
      checksum: { algorithm, value: Buffer.alloc(length, 7).toString("base64"), type: "FULL_OBJECT" },
    });
    layTarget(bed);
    const result = await bed.run(args());
    expectOneClearLine(result, new RegExp(`${algorithm}.*checksum`, "i"));
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
  });

  it.concurrent.for([SMALL, LARGE])("fail a stream that is not what they say", async (body) => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", body);
    bed.faults.plan = plans.always("GetObject", plans.flipByte);
    const result = await bed.run(["cp", "s3://b/k", "-", ...PIECE]);
    expectTries(bed, "GetObject", body === SMALL ? 1 : 3, "all");
    expectOneClearLine(result, /checksum/);
    expect(result.code).toBe(1);
    expect(result.stdoutBytes.length).toBe(body.length);
  });

  it.concurrent.for([
    { algorithm: "CRC32", value: "AAAAAA==-4", type: "COMPOSITE" as const },
    { algorithm: "XXHASH64", value: "AAAAAAAAAAA=", type: "FULL_OBJECT" as const },
  ])("that cannot be verified stop nothing: $algorithm $type", async (checksum) => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL, { checksum });
    const result = await bed.run(args());
    expect(result.stderr).toMatch(
      /^note: s3:\/\/b\/k was not verified: .*no checksum of the whole object(?: but by XXHASH64, which is not computed here)?\n$/,
    );
    expect(result.code).toBe(0);
    expectFile(bed.folder.at("target"), SMALL);
    const asked = await bed.run(args(["--checksum-mode", "ENABLED"]));
    expectOneClearLine(asked, /There is no checksum to verify the object with/);
    expect(asked.code).toBe(1);
  });

  it.concurrent.for([
    { name: "x-amz-checksum-crc32", value: "!!!!", says: /checksum that S3 gave/ },
    { name: "x-amz-checksum-crc32", value: "AAAAAA==", says: /CRC32 checksum of what arrived/ },
    { name: "x-amz-checksum-sha256", value: Buffer.alloc(32).toString("base64"), says: /SHA256 checksum/ },
    { name: "x-amz-checksum-crc64nvme", value: "AAAAAAAAAAA=", says: /CRC64NVME checksum/ },
  ])("are all compared: $name: $value", async ({ name, value, says }) => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL);
    layTarget(bed);
    bed.faults.plan = plans.always("GetObject", {
      kind: "alter",
      change: (passing) => ({ ...passing, headers: { ...passing.headers, [name]: value } }),
    });
    const result = await bed.run(args());
    expectOneClearLine(result, says);
    expect(result.code).toBe(1);
    expectFile(bed.folder.at("target"), BEFORE);
    expectTries(bed, "GetObject", 3, "all");
  });
});
