import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

/** What there is to lose. */
const MINE = { a: "A", "d/x": "1" };

describe.concurrent("sync --delete deletes nothing when its source in S3 holds only", () => {
  it.each([
    ["the marker of the folder", { "p/": "" }],
    ["markers of folders below", { "p/": "", "p/q/": "", "p/q/r/": "" }],
    ["nothing", {}],
  ])("%s", async (_what, objects) => {
    const bucket = world.bucket({ ...objects, "to/a": "A", "other/a": "A" });
    const place = world.place(MINE);
    for (const target of [place, `s3://${bucket}/to`]) {
      const result = await world.run(["sync", `s3://${bucket}/p`, target, "--delete"]);
      expect(result).toMatchObject({ code: 1, stdout: "" });
      expect(result.stderr).toMatch(
        new RegExp(`^fetch-creds: s3://${bucket}/p/ is empty: nothing was copied\n`),
      );
    }
    expect(filesOf(place)).toEqual(MINE);
    expect(objectsOf(world, bucket)).toEqual({ ...objects, "to/a": "A", "other/a": "A" });
  });

  it.each([
    ["a name that leads out", { "p/../x": "1" }],
    ["a folder's name with bytes", { "p/": "x" }],
    ["such names and markers", { "p/": "x", "p/q/": "", "p/../x": "1", "p/.": "1" }],
  ])("%s, down", async (_what, objects) => {
    const bucket = world.bucket(objects);
    const place = world.place(MINE);
    const result = await world.run(["sync", `s3://${bucket}/p`, place, "--delete"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(
      /^warning: Nothing was deleted, because no object of the source can be a file here\.$/m,
    );
    expect(filesOf(place)).toEqual(MINE);
  });
});

describe.concurrent("and deletes", () => {
  it("when there is an object beside the marker", async () => {
    const bucket = world.bucket({ "p/": "", "p/q/": "", "p/a": "A", "p/../x": "1", "to/gone": "x" });
    const place = world.place(MINE);
    const down = await world.run(["sync", `s3://${bucket}/p`, place, "--delete"]);
    expect(down.code).toBe(2);
    expect(filesOf(place)).toEqual({ a: "A" });
    const across = await world.run(["sync", `s3://${bucket}/p`, `s3://${bucket}/to`, "--delete"]);
    expect(across).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).not.toHaveProperty("to/gone");
  });

  it("when filters leave out all that is there", async () => {
    const bucket = world.bucket({ "p/a": "A" });
    const place = world.place(MINE);
    const filters = ["--exclude", "*", "--include", "d/*"];
    const result = await world.run(["sync", `s3://${bucket}/p`, place, "--delete", ...filters]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual({ a: "A" });
  });

  it("all below the prefix when a local source is an empty folder", async () => {
    const bucket = world.bucket({ "p/a": "A" });
    const result = await world.run(["sync", world.place(), `s3://${bucket}/p`, "--delete"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, bucket)).toEqual({});
  });
});
