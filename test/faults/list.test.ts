import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Fault } from "../support/fault-proxy/fault.js";
import { parameter } from "../support/s3-server/s3-request.js";
import {
  type Bed,
  expectFile,
  expectNoLeftovers,
  expectOneClearLine,
  expectTries,
  makeBed,
  WAYS,
} from "./bed.js";
import * as plans from "./plans.js";

const KEYS = ["p/a", "p/b", "p/c", "p/d", "p/e"];

function fill(bed: Bed): void {
  for (const key of KEYS) bed.server.put("b", key, `content of ${key}`);
}

const RECOVERIES: readonly { what: string; fault: Fault }[] = [
  { what: "a reset before the response", fault: { kind: "reset", at: "before-answer" } },
  { what: "a close in the body", fault: { kind: "close", at: "body" } },
  { what: "500 InternalError", fault: plans.internalError },
  { what: "503 SlowDown", fault: plans.slowDown },
];

const FAILURES: readonly {
  what: string;
  fault: Fault;
  fails: RegExp;
  code: number;
  asked?: number;
  options?: string[];
}[] = [
  { what: "500 for ever", fault: plans.internalError, fails: /InternalError/, code: 254 },
  { what: "a denial", fault: plans.denied, fails: /AccessDenied/, code: 254, asked: 1 },
  { what: "resets for ever", fault: { kind: "reset", at: "before-answer" }, fails: /No response/, code: 255 },
  {
    what: "silence for ever",
    fault: { kind: "stall", at: "header" },
    fails: /No response/,
    code: 255,
    options: ["--cli-read-timeout", "2"],
  },
  { what: "a login page", fault: plans.loginPage, fails: /ListObjectsV2/, code: 254, asked: 2 },
];

describe.each(WAYS)("a listing over %s", (way) => {
  it.concurrent.for(RECOVERIES)("outlives $what", async ({ fault }) => {
    await using bed = await makeBed(way);
    fill(bed);
    bed.faults.plan = plans.nth("ListObjectsV2", 2, fault);
    const result = await bed.run(["ls", "s3://b/p/", "--page-size", "2"]);
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
    expect(result.stdout.trim().split("\n")).toHaveLength(5);
    // Three pages of two keys at most, and the second once more.
    expectTries(bed, "ListObjectsV2", 4, 1);
    const sizes = bed.faults.requests.map((request) => parameter(request, "max-keys"));
    expect(new Set(sizes)).toEqual(new Set(["2"]));
  });

  it.concurrent.for(FAILURES)("ends at $what", async ({ fault, fails, code, asked = 5, options = [] }) => {
    await using bed = await makeBed(way);
    fill(bed);
    bed.faults.plan = plans.always("ListObjectsV2", fault);
    const result = await bed.run(["ls", "s3://b/p/", ...options]);
    expectOneClearLine(result, fails);
    expect(result.code).toBe(code);
    expectTries(bed, "ListObjectsV2", asked, "all");
  });
});

describe("a listing", () => {
  const SAME_PAGE: Fault = {
    kind: "alter",
    change: (answer) => ({
      ...answer,
      body: Buffer.from(
        answer.body
          .toString()
          .replace(/<IsTruncated>.*<\/IsTruncated>/, "<IsTruncated>true</IsTruncated>")
          .replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, "")
          .replace(
            "</ListBucketResult>",
            "<NextContinuationToken>same</NextContinuationToken></ListBucketResult>",
          ),
      ),
    }),
  };

  it.concurrent("that loops is given up", async () => {
    await using bed = await makeBed("http");
    fill(bed);
    bed.faults.plan = (request) => {
      if (request.operation !== "ListObjectsV2") return undefined;
      return request.parameters.some(([, value]) => value === "same")
        ? { kind: "answer", answer: samePage() }
        : SAME_PAGE;
    };
    const result = await bed.run(["ls", "s3://b/p/"]);
    expectOneClearLine(result, /does not advance/);
    expect(result.code).toBe(254);
    expectTries(bed, "ListObjectsV2", 2, "all");
  });

  it.concurrent("whose objects vanish before they are copied fails for those alone", async () => {
    await using bed = await makeBed("http");
    fill(bed);
    bed.faults.onRequest = (request) => {
      if (request.operation === "GetObject") bed.server.bucket("b").remove("p/c", undefined, Date.now());
    };
    bed.faults.plan = (request) =>
      request.operation === "GetObject" && request.key === "p/c"
        ? { kind: "drip", pieces: 1, pauseMs: 0 }
        : undefined;
    const result = await bed.run(["cp", "s3://b/p", "out", "--recursive"]);
    expect(result.code).toBe(1);
    expectOneClearLine(result, /p\/c.*NoSuchKey/);
    for (const name of ["a", "b", "d", "e"]) expectFile(bed.folder.at("out", name), `content of p/${name}`);
    expect(existsSync(bed.folder.at("out", "c"))).toBe(false);
  });

  it.concurrent.for(["s3://b/p .", "s3://b/p s3://b/q", ". s3://b/p", "s3://b/q s3://b/p"])(
    "that fails half-way lets sync delete nothing: %s",
    async (line) => {
      await using bed = await makeBed("http");
      fill(bed);
      // On both sides, names that the other one has not: in the first page, and after it.
      for (const name of ["aa", "z-only-here"]) {
        writeFileSync(bed.folder.at(name), "mine");
        bed.server.put("b", `q/${name}`, "mine");
      }
      let struck = 0;
      bed.faults.plan = (request) => {
        const { operation, parameters } = request;
        const isLater = parameters.some(([name]) => name === "continuation-token");
        if (operation !== "ListObjectsV2" || !isLater) return undefined;
        struck++;
        return plans.denied;
      };
      const result = await bed.run(["sync", ...line.split(" "), "--delete", "--page-size", "2"]);
      expect(struck).toBe(1);
      expect(result.code).toBe(1);
      expect(result.stderr).toMatch(/AccessDenied/);
      expect(result.stderr).toMatch(/^warning: Nothing was deleted, because .+$/m);
      for (const name of ["aa", "z-only-here"]) {
        expectFile(bed.folder.at(name), "mine");
        expect(bed.server.object("b", `q/${name}`)).toBeDefined();
      }
      for (const key of KEYS) expect(bed.server.object("b", key)).toBeDefined();
    },
  );

  it.concurrent("of nothing lets sync delete nothing", async () => {
    await using bed = await makeBed("http");
    writeFileSync(bed.folder.at("mine"), "mine");
    const result = await bed.run(["sync", "s3://b/nothing", ".", "--delete"]);
    expect(result.code).toBe(1);
    expectOneClearLine(result, /nothing/);
    expectNoLeftovers(bed, ["mine"]);
  });
});

function samePage() {
  const contents =
    "<Contents><Key>p/a</Key><Size>14</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>";
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>${contents}<NextContinuationToken>same</NextContinuationToken></ListBucketResult>`,
    ),
  };
}
