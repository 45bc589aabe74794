import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf } from "../../support/built-world.js";
import type { Response } from "../../support/s3-server/operation.js";

const world = builtWorld();
const document = (code: string) => `<Error><Code>${code}</Code><Message>m</Message></Error>`;

/** How many of a bucket's GetObject are still to be answered by an error under the status of a success. */
const errors = new Map<string, { code: string; left: number; struck: number }>();
/** Buckets of a server that names neither ETag nor time. */
const nameless = new Set<string>();

function errorFor(bucket: string): Response | undefined {
  const error = errors.get(bucket);
  if (error === undefined || error.left === 0) return undefined;
  error.left--;
  error.struck++;
  return { status: 200, headers: {}, body: Buffer.from(document(error.code)) };
}

beforeAll(() => {
  world.server.instead = ({ operation, bucket = "" }) =>
    operation === "GetObject" ? errorFor(bucket) : undefined;
  world.server.alter = (answer, { operation, bucket = "" }) => {
    if (!nameless.has(bucket) || !/^(Get|Head)Object$/.test(operation)) return answer;
    const { etag: _, "last-modified": __, ...headers } = answer.headers;
    return { ...answer, headers };
  };
});

function bucketWith(code: string, left: number): string {
  const bucket = world.bucket({ "p/k": "content" });
  errors.set(bucket, { code, left, struck: 0 });
  return bucket;
}

const WAYS = [
  ["one object", (bucket: string) => ["cp", `s3://${bucket}/p/k`, "k"]],
  ["a tree", (bucket: string) => ["cp", `s3://${bucket}/p`, ".", "--recursive"]],
  ["a sync", (bucket: string) => ["sync", `s3://${bucket}/p`, "."]],
] as const;

describe.concurrent.each(WAYS)("an error under the status 200, in the place of %s,", (_what, command) => {
  it.each(["InternalError", "SlowDown"])("is tried again: %s", async (code) => {
    const bucket = bucketWith(code, 1);
    const place = world.place();
    expect(await world.run(command(bucket), { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    expect(errors.get(bucket)?.struck).toBe(1);
    expect(filesOf(place)).toEqual({ k: "content" });
  });

  it("is a failure in the end, and no object's content", async () => {
    const bucket = bucketWith("InternalError", Number.POSITIVE_INFINITY);
    const place = world.place();
    writeFileSync(`${place}/k`, "before the run");
    const result = await world.run(command(bucket), { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(
      "An error occurred (InternalError) when calling the GetObject operation: m",
    );
    expect(errors.get(bucket)?.struck).toBe(5);
    expect(filesOf(place)).toEqual({ k: "before the run" });
  });
});

describe.concurrent("what is no error under the status 200", () => {
  it("an object that holds such a document", async () => {
    const bucket = world.bucket({ k: document("InternalError") });
    const place = world.place();
    expect(await world.run(["cp", `s3://${bucket}/k`, `${place}/k`])).toMatchObject({ code: 0 });
    expect(readFileSync(`${place}/k`, "utf8")).toBe(document("InternalError"));
  });

  it.each(["", "content", "<p>a page</p>"])(
    "of a server that names neither ETag nor time: %j",
    async (body) => {
      const bucket = world.bucket({ "p/k": body });
      nameless.add(bucket);
      for (const [, command] of WAYS) {
        const place = world.place();
        expect(await world.run(command(bucket), { cwd: place })).toMatchObject({ code: 0, stderr: "" });
        expect(filesOf(place)).toEqual({ k: body });
      }
      expect(await world.run(["cp", `s3://${bucket}/p/k`, "-"])).toMatchObject({ code: 0, stdout: body });
    },
  );
});
