import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf, objectsOf } from "../../support/built-world.js";
import { errorResponse } from "../../support/s3-server/respond.js";
import { accessDenied, type S3Error } from "../../support/s3-server/s3-error.js";
import { parameter, type S3Request } from "../../support/s3-server/s3-request.js";

const world = builtWorld();
const LEFT_OUT = /^warning: Nothing was deleted, because .+\.$/m;

/** Keys whose last part says what becomes of them, and pages that cannot be had, by bucket. */
const brokenPages = new Map<string, { prefix: string; page: number; error: S3Error }>();

const isTransfer = ({ operation }: S3Request) => ["PutObject", "GetObject", "CopyObject"].includes(operation);

async function instead(request: S3Request) {
  const { key = "", bucket = "", operation } = request;
  if (isTransfer(request) && key.endsWith("denied")) return errorResponse(accessDenied(), request.rawPath);
  if (isTransfer(request) && key.endsWith("slow")) await sleep(300);
  const broken = brokenPages.get(bucket);
  if (operation !== "ListObjectsV2" || broken === undefined) return undefined;
  if (parameter(request, "prefix") !== broken.prefix) return undefined;
  const isFirst = parameter(request, "continuation-token") === undefined;
  return isFirst === (broken.page === 1) ? errorResponse(broken.error, request.rawPath) : undefined;
}

beforeAll(() => {
  world.server.instead = instead;
});

/** Operations of a bucket in the order in which they were answered. */
const operationsOf = (bucket: string) =>
  world.server.requests.filter((request) => request.bucket === bucket).map(({ operation }) => operation);

describe.concurrent("sync --delete deletes after all transfers", () => {
  it("up", async () => {
    const bucket = world.bucket({ "p/a-gone": "x", "p/zz-gone": "x" });
    const place = world.place({ slow: "1", "z-other": "2" });
    const result = await world.run(["sync", ".", `s3://${bucket}/p`, "--delete"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(operationsOf(bucket).slice(-4)).toEqual([
      "PutObject",
      "PutObject",
      "DeleteObject",
      "DeleteObject",
    ]);
    expect(objectsOf(world, bucket)).toEqual({ "p/slow": "1", "p/z-other": "2" });
  });

  it("across", async () => {
    const bucket = world.bucket({ "p/a-gone": "x", "q/slow": "1", "q/z-other": "2" });
    const result = await world.run(["sync", `s3://${bucket}/q`, `s3://${bucket}/p`, "--delete"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(operationsOf(bucket).slice(-3)).toEqual(["CopyObject", "CopyObject", "DeleteObject"]);
    expect(Object.keys(objectsOf(world, bucket))).toEqual(["p/slow", "p/z-other", "q/slow", "q/z-other"]);
  });

  it("down", async () => {
    const bucket = world.bucket({ "p/slow": "1", "p/z-other": "2" });
    const place = world.place({ "a-gone": "x", "zz-gone": "x" });
    const result = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete", "--json"], { cwd: place });
    expect(result.code).toBe(0);
    const operations = linesOf(result.stdout).length;
    expect(operations).toBe(5);
    expect(result.stdout.match(/"operation":"\w+"/g)).toEqual([
      '"operation":"download"',
      '"operation":"download"',
      '"operation":"delete"',
      '"operation":"delete"',
    ]);
    expect(filesOf(place)).toEqual({ slow: "1", "z-other": "2" });
  });
});

describe.concurrent("sync --delete deletes nothing when a transfer failed", () => {
  it.each(["", "--json"])("up %s", async (json) => {
    const bucket = world.bucket({ "p/gone": "x" });
    const place = world.place({ denied: "1", other: "2" });
    const args = ["sync", ".", `s3://${bucket}/p`, "--delete", ...(json === "" ? [] : [json])];
    const result = await world.run(args, { cwd: place });
    expect(result.code).toBe(1);
    if (json === "")
      expect(result.stderr).toMatch(/^warning: Nothing was deleted, because a transfer failed\.$/m);
    else expect(result.stdout).toContain('{"event":"warning","id":"deletes-left-out"');
    expect(objectsOf(world, bucket)).toEqual({ "p/gone": "x", "p/other": "2" });
  });

  it("down", async () => {
    const bucket = world.bucket({ "p/denied": "1", "p/too-denied": "1", "p/other": "2" });
    const place = world.place({ gone: "x" });
    const result = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete"], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("warning: Nothing was deleted, because 2 transfers failed.\n");
    expect(filesOf(place)).toEqual({ gone: "x", other: "2" });
  });

  it("across", async () => {
    const bucket = world.bucket({ "p/denied": "1", "p/other": "2", "q/gone": "x" });
    const result = await world.run(["sync", `s3://${bucket}/p`, `s3://${bucket}/q`, "--delete"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(LEFT_OUT);
    expect(Object.keys(objectsOf(world, bucket))).toEqual(["p/denied", "p/other", "q/gone", "q/other"]);
  });

  it("and does not speak of it when there was nothing to delete, or nothing was asked for", async () => {
    const bucket = world.bucket({ "p/denied": "1" });
    const place = world.place();
    const result = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete"], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^download failed: .*\(AccessDenied\)/);
    expect(result.stderr).not.toMatch(LEFT_OUT);
    writeFileSync(`${place}/gone`, "x");
    const without = await world.run(["sync", `s3://${bucket}/p`, "."], { cwd: place });
    expect(without.stderr).toMatch(/^download failed: .*\(AccessDenied\)/);
    expect(without.stderr).not.toMatch(LEFT_OUT);
  });
});

describe.concurrent("sync --delete deletes nothing when a listing cannot be read to its end", () => {
  const objects = { "p/b": "1", "p/d": "1", "p/f": "1", "p/h": "1" };
  const paging = ["--delete", "--page-size", "2"];

  it.each([1, 2])("of the source, page %d, down and across", async (page) => {
    const bucket = world.bucket({ ...objects, "q/a": "x", "q/c": "x", "q/z": "x" });
    brokenPages.set(bucket, { prefix: "p/", page, error: accessDenied() });
    // Names that sort before, within and after the first page.
    const mine = { a: "x", c: "x", z: "x" };
    const place = world.place(mine);
    const down = await world.run(["sync", `s3://${bucket}/p`, ".", ...paging], { cwd: place });
    expect(down.code).toBe(1);
    expect(down.stderr).toMatch(LEFT_OUT);
    expect(down.stderr).toContain("AccessDenied");
    expect(filesOf(place)).toMatchObject(mine);
    const across = await world.run(["sync", `s3://${bucket}/p`, `s3://${bucket}/q`, ...paging]);
    expect(across.code).toBe(1);
    expect(across.stderr).toMatch(LEFT_OUT);
    expect(objectsOf(world, bucket)).toMatchObject({ "q/a": "x", "q/c": "x", "q/z": "x" });
  });

  it.each([1, 2])("of the target, page %d, up and across", async (page) => {
    const bucket = world.bucket({ ...objects, "q/b": "1" });
    brokenPages.set(bucket, { prefix: "p/", page, error: accessDenied() });
    const place = world.place({ b: "1", c: "1" });
    const up = await world.run(["sync", ".", `s3://${bucket}/p`, ...paging], { cwd: place });
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(LEFT_OUT);
    expect(objectsOf(world, bucket)).toMatchObject(objects);
    const across = await world.run(["sync", `s3://${bucket}/q`, `s3://${bucket}/p`, ...paging]);
    expect(across.code).toBe(1);
    expect(across.stderr).toMatch(LEFT_OUT);
    expect(objectsOf(world, bucket)).toMatchObject(objects);
  });

  it("and the summary of --json is the last line, after what was under way", async () => {
    const bucket = world.bucket({ "p/a-slow": "1", "p/b": "1", "p/c": "1" });
    brokenPages.set(bucket, { prefix: "p/", page: 2, error: accessDenied() });
    for (const args of [
      ["sync", `s3://${bucket}/p`, world.place()],
      ["cp", "--recursive", `s3://${bucket}/p`, world.place()],
      ["sync", `s3://${bucket}/p`, `s3://${bucket}/q`],
      ["cp", "--recursive", `s3://${bucket}/p`, `s3://${bucket}/q`],
    ]) {
      const result = await world.run([...args, "--page-size", "2", "--json"]);
      expect(result.code).toBe(1);
      const events = result.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { event: string; done?: number });
      expect(events.map(({ event }) => event)).toEqual(["done", "done", "error", "summary"]);
      expect(events.at(-1)?.done).toBe(2);
    }
  });
});

it("down with --delete --dryrun deletes nothing, and says what it would", async () => {
  const bucket = world.bucket({ "p/a": "1" });
  const place = world.place({ gone: "x", "d/gone": "x" });
  const result = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete", "--dryrun"], { cwd: place });
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(linesOf(result.stdout)).toEqual([
    "(dryrun) delete: ./gone",
    "(dryrun) delete: d/gone",
    `(dryrun) download: s3://${bucket}/p/a to ./a`,
  ]);
  expect(filesOf(place)).toEqual({ gone: "x", "d/gone": "x" });
});

it("a key that is spelled otherwise keeps its file, also when it is left alone", async () => {
  const bucket = world.bucket({ "p/d//a": "1", "p/b": "1" });
  world.server.put(bucket, "p/e//old", "1", { storageClass: "GLACIER" });
  const place = world.place({ "d/a": "mine", "e/old": "mine", gone: "x" });
  const result = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete", "--no-overwrite"], {
    cwd: place,
  });
  expect(result.code).toBe(2);
  expect(filesOf(place)).toEqual({ b: "1", "d/a": "mine", "e/old": "mine" });
});
