import { expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { PYTHON_TYPES } from "../../unit/s3/objects/python-types.js";

const world = builtWorld();

it("an upload has the content type that Python 3.14 gives its name", async () => {
  const table = PYTHON_TYPES.trim()
    .split("\n")
    .map((line) => line.split(" ") as [string, string])
    .filter(([extension]) => extension !== "gz");
  expect(table.find(([extension]) => extension === "js")).toEqual(["js", "text/javascript"]);
  const place = world.place(Object.fromEntries(table.map(([extension]) => [`f.${extension}`, ""])));
  const bucket = world.bucket();
  const { code, stderr } = await world.run(["cp", place, `s3://${bucket}/`, "--recursive"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const typeOf = (key: string) => world.server.object(bucket, key)?.headers["content-type"];
  expect(table.map(([extension]) => [extension, typeOf(`f.${extension}`)])).toEqual(table);
});

it("none is guessed with --no-guess-mime-type, from a stream, or for what Python does not know", async () => {
  const bucket = world.bucket();
  const place = world.place({ "a.js": "", "b.unknown": "" });
  for (const args of [
    ["cp", `${place}/a.js`, `s3://${bucket}/a.js`, "--no-guess-mime-type"],
    ["cp", `${place}/b.unknown`, `s3://${bucket}/`],
    ["cp", "-", `s3://${bucket}/c.js`],
  ])
    expect((await world.run(args)).code).toBe(0);
  for (const key of ["a.js", "b.unknown", "c.js"])
    expect(world.server.object(bucket, key)?.headers["content-type"]).toBe("binary/octet-stream");
});
