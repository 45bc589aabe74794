import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();
const LEFT_OUT = /^warning: Nothing was deleted, because .+\.$/m;

describe.concurrent("sync --delete deletes nothing when a folder could not be read", () => {
  it("up: a loop of links, which may be anything", async () => {
    const bucket = world.bucket({ "p/loop/a": "x", "p/a-gone": "x", "p/z-gone": "x" });
    const place = world.place({ f: "1" });
    symlinkSync("loop", `${place}/loop`);
    const up = (...more: string[]) =>
      world.run(["sync", ".", `s3://${bucket}/p`, "--delete", ...more], { cwd: place });
    const result = await up();
    expect(result.code).toBe(2);
    expect(linesOf(result.stderr)).toEqual([
      `warning: Nothing was deleted, because the folder ${place}/loop could not be read.`,
      `warning: Skipping file ${place}/loop. File does not exist.`,
    ]);
    const all = { "p/a-gone": "x", "p/f": "1", "p/loop/a": "x", "p/z-gone": "x" };
    expect(objectsOf(world, bucket)).toEqual(all);
    // Part of it is left out: the rest may be there.
    expect((await up("--exclude", "loop/b*")).code).toBe(2);
    expect(objectsOf(world, bucket)).toEqual(all);
    // All of it is left out: no warning, and what is below it stays.
    expect(await up("--exclude", "loop*")).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ "p/f": "1", "p/loop/a": "x" });
  });

  it("up: a file where the folder should be", async () => {
    const bucket = world.bucket({ "p/f": "x" });
    const place = world.place({ f: "1" });
    const result = await world.run(["sync", `${place}/f`, `s3://${bucket}/p`, "--delete"]);
    expect(linesOf(result.stderr)).toEqual([
      `warning: Nothing was deleted, because the folder ${place}/f/ could not be read.`,
      `warning: Skipping file ${place}/f/. File does not exist.`,
    ]);
    expect(result.code).toBe(2);
    expect(objectsOf(world, bucket)).toEqual({ "p/f": "x" });
  });

  it("down: a loop of links in the target", async () => {
    const bucket = world.bucket({ "p/f": "1" });
    const place = world.place({ "a-gone": "x" });
    symlinkSync("loop", `${place}/loop`);
    const down = (...more: string[]) =>
      world.run(["sync", `s3://${bucket}/p`, ".", "--delete", ...more], { cwd: place });
    const result = await down();
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(LEFT_OUT);
    expect(filesOf(place)).toEqual({ "a-gone": "x", f: "1" });
    expect(await down("--no-follow-symlinks")).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual({ f: "1" });
  });

  it("a folder of another user's, up and down; filters that leave it out make it none", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("needs root to become another user");
    const nobody = { uid: 65534, gid: 65534 };
    chmodSync(world.folder.path, 0o755);
    const bucket = world.bucket({ "p/d/a": "1", "p/gone": "x" });
    const place = world.place({ "d/a": "1", f: "1" });
    chmodSync(place, 0o777);
    chmodSync(`${place}/d`, 0);
    const up = (...more: string[]) =>
      world.run(["sync", place, `s3://${bucket}/p`, "--delete", ...more], nobody);
    const result = await up();
    expect(result.code).toBe(2);
    expect(linesOf(result.stderr)).toEqual([
      `warning: Nothing was deleted, because the folder ${place}/d could not be read.`,
      `warning: Skipping file ${place}/d. File/Directory is not readable.`,
    ]);
    expect(objectsOf(world, bucket)).toEqual({ "p/d/a": "1", "p/f": "1", "p/gone": "x" });
    expect(await up("--exclude", "d/*")).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ "p/d/a": "1", "p/f": "1" });

    const target = world.place({ "d/a": "1", gone: "x" });
    chmodSync(target, 0o777);
    chmodSync(`${target}/d`, 0);
    const down = (...more: string[]) =>
      world.run(["sync", `s3://${bucket}/p`, target, "--delete", "--exclude", "d/a", ...more], nobody);
    expect(await down()).toMatchObject({ code: 2, stderr: expect.stringMatching(LEFT_OUT) });
    expect(await down("--exclude", "d*")).toMatchObject({ code: 0, stderr: "" });
    chmodSync(`${target}/d`, 0o700);
    expect(filesOf(target)).toEqual({ "d/a": "1", f: "1" });
  });

  it("a folder that may be read and not searched: its files are known to be there", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("needs root to become another user");
    chmodSync(world.folder.path, 0o755);
    const bucket = world.bucket({ "p/d/a": "1", "p/gone": "x" });
    const place = world.place({ "d/a": "1", "d/b": "1" });
    chmodSync(`${place}/d`, 0o744);
    const result = await world.run(["sync", place, `s3://${bucket}/p`, "--delete"], {
      uid: 65534,
      gid: 65534,
    });
    expect(result.code).toBe(2);
    expect(result.stderr.match(/^warning: Skipping file .*\/d\/[ab]\. .*$/gm)).toHaveLength(2);
    expect(objectsOf(world, bucket)).toEqual({ "p/d/a": "1" });
  });

  it("a link into a folder that may not be searched", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("needs root to become another user");
    chmodSync(world.folder.path, 0o755);
    const bucket = world.bucket({ "p/link/a": "1", "p/gone": "x" });
    const place = world.place({ "src/f": "1", "closed/there/a": "1" });
    symlinkSync("../closed/there", `${place}/src/link`);
    chmodSync(`${place}/closed`, 0o700);
    const result = await world.run(["sync", `${place}/src`, `s3://${bucket}/p`, "--delete"], {
      uid: 65534,
      gid: 65534,
    });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(LEFT_OUT) });
    expect(objectsOf(world, bucket)).toEqual({ "p/f": "1", "p/gone": "x", "p/link/a": "1" });
  });

  it("a single file that cannot be read is known to be there: the rest is deleted", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("needs root to become another user");
    chmodSync(world.folder.path, 0o755);
    const bucket = world.bucket({ "p/gone": "x", "p/broken": "x" });
    const place = world.place({ secret: "1", same: "1" });
    for (const [name, body] of Object.entries({ secret: "old and longer", same: "x" }))
      world.server.put(bucket, `p/${name}`, body, { lastModified: Date.now() + 3_600_000 });
    symlinkSync("nowhere", `${place}/broken`);
    for (const name of ["secret", "same"]) chmodSync(`${place}/${name}`, 0o600);
    const result = await world.run(["sync", place, `s3://${bucket}/p`, "--delete"], {
      uid: 65534,
      gid: 65534,
    });
    expect(result.code).toBe(2);
    expect(linesOf(result.stderr)).toEqual([
      `warning: Skipping file ${place}/broken. File does not exist.`,
      `warning: Skipping file ${place}/same. File/Directory is not readable.`,
      `warning: Skipping file ${place}/secret. File/Directory is not readable.`,
    ]);
    expect(objectsOf(world, bucket)).toEqual({
      "p/broken": "x",
      "p/same": "x",
      "p/secret": "old and longer",
    });
  });

  it("a file in the place of the source folder", async () => {
    const bucket = world.bucket({ "p/a": "x" });
    const place = world.place({ FILE: "1" });
    const result = await world.run(["sync", "FILE", `s3://${bucket}/p`, "--delete"], { cwd: place });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(LEFT_OUT);
    expect(objectsOf(world, bucket)).toEqual({ "p/a": "x" });
  });

  it("a folder that is empty is taken at its word", async () => {
    const bucket = world.bucket({ "p/a": "x", q: "x" });
    const place = world.place();
    mkdirSync(`${place}/empty`);
    expect((await world.run(["sync", "empty", `s3://${bucket}/p`, "--delete"], { cwd: place })).code).toBe(0);
    expect(objectsOf(world, bucket)).toEqual({ q: "x" });
    rmSync(`${place}/empty`, { recursive: true });
    expect((await world.run(["sync", "empty", `s3://${bucket}`, "--delete"], { cwd: place })).code).toBe(255);
    expect(objectsOf(world, bucket)).toEqual({ q: "x" });
  });
});

it("few open files cost no object and no file", async () => {
  const names = Array.from({ length: 180 }, (_, index) => `d${Math.floor(index / 3)}/f${index % 3}`);
  const tree = (prefix: string, body: string) =>
    Object.fromEntries(names.map((name) => [`${prefix}${name}`, body]));
  const bucket = world.bucket({ ...tree("p/", "old"), "p/gone": "x" });
  const place = world.place(tree("", "and newer"));
  const few = {
    node: "sh",
    nodeOptions: ["-c", `ulimit -n 64; exec "${process.env.FETCH_CREDS_NODE ?? process.execPath}" "$0" "$@"`],
  };
  const up = await world.run(["sync", ".", `s3://${bucket}/p`, "--delete"], { cwd: place, ...few });
  expect(Object.keys(objectsOf(world, bucket))).toEqual(expect.arrayContaining(Object.keys(tree("p/", ""))));
  const upFailed = up.stderr.match(/^upload failed: /gm)?.length ?? 0;
  const stillOld = Object.values(objectsOf(world, bucket)).filter((body) => body === "old").length;
  expect(stillOld).toBe(upFailed);
  expect(stillOld).toBeLessThan(names.length);
  expect(up.code === 0, up.stderr).toBe(world.server.object(bucket, "p/gone") === undefined);

  const target = world.place({ ...tree("", "older than that"), gone: "x" });
  const down = await world.run(["sync", `s3://${bucket}/p`, ".", "--delete", "--exclude", "gone"], {
    cwd: target,
    ...few,
  });
  expect(Object.keys(filesOf(target))).toEqual(expect.arrayContaining(names));
  expect(filesOf(target).gone).toBe("x");
  expect([0, 1, 2]).toContain(down.code);
});
