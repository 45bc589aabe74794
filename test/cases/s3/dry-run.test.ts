import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf, objectsOf } from "../../support/built-world.js";
import { errorResponse } from "../../support/s3-server/respond.js";
import { S3Error } from "../../support/s3-server/s3-error.js";

const world = builtWorld();
const HOUR_MS = 3_600_000;

/** What a HEAD of any object of a bucket is answered, where it is an error; the bucket may not be listed then either. */
const refusedHeads = new Map<string, S3Error>();

beforeAll(() => {
  const notListed = new S3Error(403, "AccessDenied", "Access Denied");
  world.server.instead = ({ bucket = "", operation, rawPath }) => {
    const error = refusedHeads.get(bucket);
    if (error !== undefined && operation === "ListObjectsV2") return errorResponse(notListed, rawPath);
    return error && operation === "HeadObject" ? errorResponse(error, rawPath) : undefined;
  };
});

/** The same objects in a bucket as `p/…` and, older or newer and of another content, as files. */
function both() {
  // Whole seconds: a file's time in milliseconds may come back a fraction later.
  const now = Math.floor(Date.now() / 1000) * 1000;
  const bucket = world.bucket();
  const place = world.place({ same: "1", larger: "22", older: "1", newer: "1", only: "1" });
  for (const [name, body, age] of [
    ["same", "x", 0],
    ["larger", "x", 0],
    ["older", "x", -HOUR_MS],
    ["newer", "x", HOUR_MS],
  ] as const) {
    for (const prefix of ["p", "q"])
      world.server.put(bucket, `${prefix}/${name}`, body, { lastModified: now });
    const time = new Date(now + age);
    utimesSync(`${place}/${name}`, time, time);
    world.server.put(bucket, `r/${name}`, name === "larger" ? "22" : "1", { lastModified: now + age });
  }
  world.server.put(bucket, "r/only", "1", { lastModified: now });
  return { bucket, place };
}

const RULES = [
  [],
  ["--no-overwrite"],
  ["--if-size-differ"],
  ["--if-source-newer"],
  ["--if-size-differ", "--if-source-newer"],
];

const transfers = (text: string) =>
  linesOf(text.replaceAll("(dryrun) ", "")).filter((line) => /^(download|upload|copy): /.test(line));

describe.concurrent("--dryrun prints what a run transfers", () => {
  it.each(RULES.map((rule) => [rule] as const))("cp --recursive %j, up, down and across", async (rule) => {
    const { bucket, place } = both();
    const target = both();
    rmSync(`${target.place}/only`);
    for (const [from, to, cwd] of [
      [".", `s3://${bucket}/p`, place],
      [`s3://${bucket}/r`, `s3://${bucket}/q`, place],
      [`s3://${bucket}/r`, ".", target.place],
    ] as const) {
      const args = ["cp", from, to, "--recursive", ...rule];
      const before = [objectsOf(world, bucket), filesOf(cwd)];
      const dry = await world.run([...args, "--dryrun"], { cwd });
      expect([objectsOf(world, bucket), filesOf(cwd)]).toEqual(before);
      const real = await world.run(args, { cwd });
      expect(real.code).toBe(0);
      expect(dry.code).toBe(0);
      expect(transfers(dry.stdout)).toEqual(transfers(real.stdout));
      // Some are always new; and a rule leaves some out.
      expect(transfers(real.stdout).length).toBeGreaterThan(0);
      if (rule.length > 0) expect(transfers(real.stdout).length).toBeLessThan(5);
    }
  });

  it.each([
    // Left alone, and copied.
    [["--no-overwrite"], ["same", "only"]],
    [["--if-size-differ"], ["same", "larger"]],
  ])("cp of one %j", async (rule, names) => {
    const { bucket, place } = both();
    const done: string[] = [];
    for (const name of names) {
      const target = both();
      rmSync(`${target.place}/only`);
      writeFileSync(`${target.place}/larger`, "333");
      for (const [from, to, cwd] of [
        [name, `s3://${bucket}/p/${name}`, place],
        [`s3://${bucket}/r/${name}`, `s3://${bucket}/q/${name}`, place],
        [`s3://${bucket}/r/${name}`, name, target.place],
      ] as const) {
        const dry = await world.run(["cp", from, to, ...rule, "--dryrun"], { cwd });
        const real = await world.run(["cp", from, to, ...rule], { cwd });
        expect(transfers(dry.stdout), `${from} ${to}`).toEqual(transfers(real.stdout));
        done.push(...transfers(real.stdout));
      }
    }
    expect(done.map((line) => line.split(":")[0])).toEqual(["upload", "copy", "download"]);
  });

  it("sync --no-overwrite, where something has come meanwhile or not", async () => {
    const { bucket, place } = both();
    rmSync(`${place}/newer`);
    for (const [from, to, verbs] of [
      [".", `s3://${bucket}/p`, ["delete", "upload"]],
      [`s3://${bucket}/r`, `s3://${bucket}/q`, ["copy"]],
      [`s3://${bucket}/q`, ".", ["download"]],
    ] as const) {
      const args = ["sync", from, to, "--no-overwrite", "--delete"];
      const dry = await world.run([...args, "--dryrun"], { cwd: place });
      const real = await world.run(args, { cwd: place });
      expect(linesOf(dry.stdout.replaceAll("(dryrun) ", ""))).toEqual(linesOf(real.stdout));
      expect(linesOf(real.stdout).map((line) => line.split(":")[0])).toEqual(verbs);
    }
  });

  it("is told with --only-show-errors and of streams, not with --quiet", async () => {
    const { bucket, place } = both();
    for (const [args, lines] of [
      [["cp", "only", `s3://${bucket}/x`], 1],
      [["sync", ".", `s3://${bucket}/new`], 5],
      [["cp", "-", `s3://${bucket}/x`], 1],
      [["cp", `s3://${bucket}/p/same`, "-"], 1],
    ] as const) {
      const run = async (...more: string[]) => {
        const { code, stdout, stderr } = await world.run([...args, "--dryrun", ...more], { cwd: place });
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        return linesOf(stdout);
      };
      const told = await run();
      expect(told).toHaveLength(lines);
      for (const line of told) expect(line).toMatch(/^\(dryrun\) (?:up|down)load: \S+ to \S+$/);
      expect(await run("--only-show-errors")).toEqual(told);
      expect(await run("--quiet")).toEqual([]);
    }
  });

  it("says what would be refused, as the run would", async () => {
    const bucket = world.bucket({ "p/file/below": "1", "p/x": "1" });
    const place = world.place({ file: "in the way" });
    const args = ["cp", `s3://${bucket}/p`, ".", "--recursive"];
    const dry = await world.run([...args, "--dryrun"], { cwd: place });
    const real = await world.run(args, { cwd: place });
    expect(dry.code).toBe(1);
    expect(dry.stderr).toMatch(/^download failed: .*file\/below/);
    expect(transfers(real.stdout)).toHaveLength(1);
    expect(dry.stderr).toBe(real.stderr);
    expect(transfers(dry.stdout)).toEqual(transfers(real.stdout));
  });
});

describe.concurrent("--no-overwrite from S3 to S3", () => {
  it.each([
    [new S3Error(500, "InternalError", "We encountered an internal error."), 1],
    [new S3Error(503, "SlowDown", "Please reduce your request rate."), 1],
    // GET tells where a HEAD is not understood.
    [new S3Error(400, "BadRequest", "Bad Request"), 0],
    [new S3Error(403, "AccessDenied", "Access Denied"), 0],
    [new S3Error(405, "MethodNotAllowed", "Not allowed."), 0],
  ])("when the target cannot be looked at: %s", async (error, code) => {
    const source = world.bucket({ k: "new", l: "new" });
    const bucket = world.bucket({ k: "old" });
    refusedHeads.set(bucket, error);
    const result = await world.run([
      "cp",
      `s3://${source}`,
      `s3://${bucket}`,
      "--recursive",
      "--no-overwrite",
    ]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(
      code === 0 ? /^$/ : /^copy failed: .* when calling the HeadObject operation: /,
    );
    // Where looking is not allowed, S3's own condition tells.
    expect(objectsOf(world, bucket)).toMatchObject(code === 0 ? { k: "old", l: "new" } : { k: "old" });
  });
});

it("--json has the size that was transferred", async () => {
  const bucket = world.bucket({ "p/a": "12345" });
  const place = world.place({ up: "123" });
  let refused = 0;
  const sizes = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; size?: number })
      .filter(({ event }) => event === "done")
      .map(({ size }) => size);
  const stream = await world.run(["cp", "-", `s3://${bucket}/stream`, "--json"], { input: "1234567" });
  expect(sizes(stream.stdout)).toEqual([7]);
  const up = await world.run(["cp", "up", `s3://${bucket}/`, "--json"], { cwd: place });
  expect(sizes(up.stdout)).toEqual([3]);
  world.server.alter = (answer, request) =>
    request.operation === "PutObject" && refused < 2
      ? errorResponse(new S3Error(503, "SlowDown", `Refusal ${++refused}.`), request.rawPath)
      : answer;
  const again = await world.run(["cp", "up", `s3://${bucket}/again`, "--json"], { cwd: place });
  expect(refused).toBe(2);
  expect(sizes(again.stdout)).toEqual([3]);
  // A listing that is not of today.
  world.server.alter = (answer, request) =>
    request.operation === "ListObjectsV2"
      ? { ...answer, body: Buffer.from(answer.body.toString().replace("<Size>5<", "<Size>4<")) }
      : answer;
  const down = await world.run(["cp", `s3://${bucket}/p`, ".", "--recursive", "--json"], { cwd: place });
  world.server.alter = undefined;
  expect(sizes(down.stdout)).toEqual(down.code === 0 ? [5] : []);
});
