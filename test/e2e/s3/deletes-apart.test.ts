import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

describe.concurrent("sync --delete within one bucket", () => {
  const objects = { "src/a": "1", "src/d/b": "2", gone: "x" };

  it.each([
    ["src", "", []],
    ["", "src", []],
    ["", "", []],
    ["src", "src/", []],
    ["src/d", "src", []],
    ["src", "", ["--exclude", "src/d/*"]],
    ["src", "", ["--exclude", "*", "--include", "src/d*"]],
    ["", "src", ["--exclude", "src"]],
  ])("is refused from %j to %j with the filters %j", async (from, to, filters) => {
    const bucket = world.bucket(objects);
    const result = await world.run([
      "sync",
      `s3://${bucket}/${from}`,
      `s3://${bucket}/${to}`,
      "--delete",
      ...filters,
    ]);
    expect(result.code).toBe(252);
    expect(result.stderr).toMatch(/^fetch-creds: .*one is in the other/);
    expect(objectsOf(world, bucket)).toEqual(objects);
    expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
  });

  it("is done when filters leave out all of the inner one", async () => {
    const bucket = world.bucket(objects);
    const out = await world.run([
      "sync",
      `s3://${bucket}/src`,
      `s3://${bucket}`,
      "--delete",
      "--exclude",
      "src/*",
    ]);
    expect(out).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ a: "1", "d/b": "2", "src/a": "1", "src/d/b": "2" });
    const into = world.bucket({ a: "1", "bak/gone": "x", "bak/a": "old and longer" });
    const back = await world.run([
      "sync",
      `s3://${into}`,
      `s3://${into}/bak`,
      "--delete",
      "--exclude",
      "bak*",
    ]);
    expect(back).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, into)).toEqual({ a: "1", "bak/a": "1" });
  });

  it("is done between neighbors, and between buckets", async () => {
    const bucket = world.bucket({ "src/a": "1", "src2/gone": "x" });
    const other = world.bucket({ "src/gone": "x" });
    expect((await world.run(["sync", `s3://${bucket}/src`, `s3://${bucket}/src2`, "--delete"])).code).toBe(0);
    expect((await world.run(["sync", `s3://${bucket}/src`, `s3://${other}`, "--delete"])).code).toBe(0);
    expect(objectsOf(world, bucket)).toEqual({ "src/a": "1", "src2/a": "1" });
    expect(objectsOf(world, other)).toEqual({ a: "1" });
  });

  it("may go without --delete", async () => {
    const bucket = world.bucket({ "src/a": "1", gone: "x" });
    expect((await world.run(["sync", `s3://${bucket}/src`, `s3://${bucket}`])).code).toBe(0);
    expect(objectsOf(world, bucket)).toEqual({ a: "1", gone: "x", "src/a": "1" });
  });
});

describe.concurrent("what filters leave out is not deleted", () => {
  it("by an absolute path, up and down", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/secret/x": "1", "p/gone": "x" });
    const place = world.place({ a: "1", "secret/x": "local", gone2: "x" });
    const exclude = ["--exclude", `${place}/secret/*`];
    const up = await world.run(
      ["sync", ".", `s3://${bucket}/p`, "--delete", ...exclude, "--exclude", "gone2"],
      {
        cwd: place,
      },
    );
    expect(up).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({ "p/a": "1", "p/secret/x": "1" });
    const down = await world.run(
      ["sync", `s3://${bucket}/p`, ".", "--delete", "--exclude", "secret/*", ...exclude],
      {
        cwd: place,
      },
    );
    expect(down).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual({ a: "1", "secret/x": "local" });
  });

  it("by a name, where an absolute path takes it in again", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place({ a: "1", mine: "x", gone: "x" });
    const filters = ["--exclude", "mine", "--include", `${place}/*`];
    expect(
      (await world.run(["sync", `s3://${bucket}/p`, ".", "--delete", ...filters], { cwd: place })).code,
    ).toBe(0);
    expect(filesOf(place)).toEqual({ a: "1", mine: "x" });
  });
});
