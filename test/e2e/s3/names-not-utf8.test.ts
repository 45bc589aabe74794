import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, linesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();
const below = (place: string, ...bytes: readonly number[]) =>
  Buffer.concat([Buffer.from(`${place}/`), Buffer.from(bytes)]);
const namesIn = (place: string) =>
  readdirSync(place, "buffer")
    .map((name) => name.toString("latin1"))
    .sort();
const U_FFFD = Buffer.from("\ufffd").toString("latin1");

const skipping = (place: string, name: string) =>
  `warning: Skipping file ${place}/${name}. File name is not valid UTF-8.`;

describe.runIf(process.platform === "linux").concurrent("a file whose name is not UTF-8", () => {
  it("is not sent, nor is another in its place", async () => {
    const bucket = world.bucket();
    const place = world.place({ "\ufffd": "real", a: "1", "d\ufffd/k": "real" });
    writeFileSync(below(place, 0xff), "strange");
    writeFileSync(below(place, 0xfe), "strange");
    mkdirSync(below(place, 0x64, 0xff));
    writeFileSync(below(place, 0x64, 0xff, 0x2f, 0x6b), "strange");
    for (const verb of ["cp --recursive", "sync --delete"]) {
      const [name = "", option = ""] = verb.split(" ");
      const from = world.server.requests.length;
      const result = await world.run([name, place, `s3://${bucket}/${name}`, option]);
      expect(result.code).toBe(2);
      expect(linesOf(result.stderr)).toEqual(
        ["\ufffd", "\ufffd", "d\ufffd"].map((shown) => skipping(place, shown)).sort(),
      );
      const sent = world.server.requests
        .slice(from)
        .filter((request) => request.bucket === bucket && request.operation === "PutObject");
      expect(sent.map(({ key }) => key).sort()).toEqual([`${name}/a`, `${name}/d\ufffd/k`, `${name}/\ufffd`]);
    }
    const stored = { a: "1", "d\ufffd/k": "real", "\ufffd": "real" };
    expect(objectsOf(world, bucket)).toEqual(
      Object.fromEntries(
        ["cp", "sync"].flatMap((verb) =>
          Object.entries(stored).map(([key, text]) => [`${verb}/${key}`, text]),
        ),
      ),
    );
  });

  it("is not deleted, and another one once", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place({ "\ufffd": "real", a: "1" });
    writeFileSync(below(place, 0xff), "strange");
    const result = await world.run(["sync", `s3://${bucket}/p`, place, "--delete", "--size-only"]);
    expect(result).toMatchObject({ code: 2, stderr: `${skipping(place, "\ufffd")}\n` });
    expect(linesOf(result.stdout)).toEqual([expect.stringMatching(/^delete: .*\ufffd$/)]);
    expect(namesIn(place)).toEqual(["a", "\xff"]);
  });

  it("is not what a key of U+FFFD is compared with", async () => {
    const bucket = world.bucket({ "p/\ufffd": "new", "p/a": "1" });
    const place = world.place({ a: "1" });
    writeFileSync(below(place, 0xff), "old");
    const result = await world.run(["sync", `s3://${bucket}/p`, place, "--delete", "--size-only"]);
    expect(result.code).toBe(2);
    expect(namesIn(place)).toEqual(["a", U_FFFD, "\xff"].sort());
  });
});
