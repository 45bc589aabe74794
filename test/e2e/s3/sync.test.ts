import { readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf, objectsOf } from "../../support/built-world.js";
import { parameter } from "../../support/s3-server/s3-request.js";

const world = builtWorld();

describe.concurrent("sync", () => {
  it("down: what is missing, of another size, or changed here; then nothing", async () => {
    const bucket = world.bucket({ "p/new": "1", "p/size": "12", "p/same": "1", "p/touched": "1" });
    const place = world.place({ size: "1", same: "x", touched: "x", extra: "x" });
    const older = new Date(Date.now() - 3_600_000);
    const newer = new Date(Date.now() + 3_600_000);
    for (const name of ["size", "same"]) utimesSync(`${place}/${name}`, older, older);
    utimesSync(`${place}/touched`, newer, newer);
    const result = await world.run(["sync", `s3://${bucket}/p`, "."], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(result.stdout)).toEqual(
      ["new", "size", "touched"].map((name) => `download: s3://${bucket}/p/${name} to ./${name}`),
    );
    expect(filesOf(place)).toEqual({ new: "1", size: "12", same: "x", touched: "1", extra: "x" });
    expect(await world.run(["sync", `s3://${bucket}/p`, "."], { cwd: place })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });

  it("--size-only, --exact-timestamps", async () => {
    const bucket = world.bucket({ a: "1" });
    const place = world.place({ a: "x" });
    const newer = new Date(Date.now() + 3_600_000);
    utimesSync(`${place}/a`, newer, newer);
    const sync = async (...options: string[]) =>
      expect((await world.run(["sync", `s3://${bucket}`, ".", ...options], { cwd: place })).code).toBe(0);
    await sync("--size-only");
    expect(filesOf(place)).toEqual({ a: "x" });
    const older = new Date(Date.now() - 3_600_000);
    utimesSync(`${place}/a`, older, older);
    await sync();
    expect(filesOf(place)).toEqual({ a: "x" });
    await sync("--exact-timestamps");
    expect(filesOf(place)).toEqual({ a: "1" });
    expect(
      (await world.run(["sync", `s3://${bucket}`, ".", "--exact-timestamps"], { cwd: place })).stdout,
    ).toBe("");
  });

  it("up: missing, other size, newer; --delete removes what is not here, filters hold", async () => {
    const bucket = world.bucket({
      "p/gone": "x",
      "p/kept.log": "x",
      "p/old": "x",
      "p/same": "1",
      "q/else": "x",
    });
    const place = world.place({ old: "1", same: "1", "d/new": "1" });
    const older = new Date(Date.now() - 3_600_000);
    const newer = new Date(Date.now() + 3_600_000);
    utimesSync(`${place}/same`, older, older);
    utimesSync(`${place}/old`, newer, newer);
    const args = ["sync", ".", `s3://${bucket}/p`, "--delete", "--exclude", "*.log"];
    const dry = await world.run([...args, "--dryrun"], { cwd: place });
    const expected = [
      `delete: s3://${bucket}/p/gone`,
      `upload: ./old to s3://${bucket}/p/old`,
      `upload: d/new to s3://${bucket}/p/d/new`,
    ];
    expect(linesOf(dry.stdout)).toEqual(expected.map((line) => `(dryrun) ${line}`));
    const result = await world.run(args, { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(result.stdout)).toEqual(expected);
    expect(objectsOf(world, bucket)).toEqual({
      "p/d/new": "1",
      "p/kept.log": "x",
      "p/old": "1",
      "p/same": "1",
      "q/else": "x",
    });
  });

  it("down with --delete removes files, also links, never what a link leads to; filters hold", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place({
      "dst/a": "1",
      "dst/extra": "x",
      "dst/d/extra": "x",
      "dst/keep.log": "x",
      outside: "x",
    });
    symlinkSync("../outside", `${place}/dst/link`);
    const result = await world.run(["sync", `s3://${bucket}/p`, "dst", "--delete", "--exclude", "*.log"], {
      cwd: place,
    });
    expect(result.code).toBe(0);
    expect(linesOf(result.stdout).filter((line) => line.startsWith("delete"))).toEqual([
      "delete: dst/d/extra",
      "delete: dst/extra",
      "delete: dst/link",
    ]);
    expect(filesOf(place)).toEqual({ "dst/a": "1", "dst/keep.log": "x", outside: "x" });
  });

  it("across, with --delete", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/b": "22" });
    const other = world.bucket({ b: "2", c: "3" });
    const result = await world.run(["sync", `s3://${bucket}/p`, `s3://${other}`, "--delete"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, other)).toEqual({ a: "1", b: "22" });
    expect((await world.run(["sync", `s3://${bucket}/p`, `s3://${other}`, "--delete"])).stdout).toBe("");
  });

  it("deletes nothing when the source is empty or missing", async () => {
    const bucket = world.bucket({ "p/a": "1", "r/x": "x" });
    const place = world.place({ "0-mine": "x", mine: "x" });
    const missing = ["s3://no-such-bucket/q", `s3://${bucket}/q`];
    for (const source of missing) {
      const down = await world.run(["sync", source, ".", "--delete"], { cwd: place });
      const across = await world.run(["sync", source, `s3://${bucket}/r`, "--delete"]);
      for (const { code, stdout, stderr } of [down, across])
        expect({ code, stdout, stderr }).toEqual({
          code: 1,
          stdout: "",
          stderr: expect.stringMatching(/^(warning: Nothing was deleted, |fetch-creds: )/),
        });
    }
    expect(filesOf(place)).toEqual({ "0-mine": "x", mine: "x" });
    expect(objectsOf(world, bucket)).toEqual({ "p/a": "1", "r/x": "x" });
  });

  it("--no-overwrite leaves alone what is there, in every direction", async () => {
    const bucket = world.bucket({ "p/a": "old", "q/a": "longer than the old one", "q/b": "new" });
    const place = world.place({ a: "longer than the old one", b: "new" });
    const up = await world.run(["sync", ".", `s3://${bucket}/p`, "--no-overwrite"], { cwd: place });
    expect(up).toMatchObject({ code: 0, stdout: `upload: ./b to s3://${bucket}/p/b\n`, stderr: "" });
    expect(objectsOf(world, bucket)).toMatchObject({ "p/a": "old", "p/b": "new" });
    world.server.bucket(bucket).remove("p/b", undefined, Date.now());
    const across = await world.run(["sync", `s3://${bucket}/q`, `s3://${bucket}/p`, "--no-overwrite"]);
    expect(across.code).toBe(0);
    expect(objectsOf(world, bucket)).toMatchObject({ "p/a": "old", "p/b": "new" });
    const other = world.place({ a: "old" });
    const down = await world.run(["sync", `s3://${bucket}/q`, ".", "--no-overwrite"], { cwd: other });
    expect(down.code).toBe(0);
    expect(filesOf(other)).toEqual({ a: "old", b: "new" });
    // What is there is not even asked to be replaced.
    const writes = world.server.requests.filter(
      ({ bucket: name, method }) => name === bucket && method === "PUT",
    );
    expect(writes.map(({ key }) => key)).toEqual(["p/b", "p/b"]);
    // The control: without it, each of them would be replaced.
    const plain = await world.run(["sync", ".", `s3://${bucket}/p`, "--dryrun"], { cwd: place });
    expect(plain.stdout).toContain("(dryrun) upload: ./a to");
  });

  it("order of bytes: names with -, ., / and beyond the basic plane meet their likes", async () => {
    const names = ["a", "a-b", "a.b", "b/c", "b-c", "b.c/d", "ü", "\uff5e", "\u{1f600}", "Z"];
    const bucket = world.bucket(Object.fromEntries(names.map((name) => [name, "1"])));
    const place = world.place();
    expect((await world.run(["sync", `s3://${bucket}`, "."], { cwd: place })).code).toBe(0);
    expect(Object.keys(filesOf(place))).toHaveLength(names.length);
    for (const args of [
      ["sync", `s3://${bucket}`, ".", "--delete"],
      ["sync", ".", `s3://${bucket}`, "--delete"],
    ]) {
      expect(await world.run(args, { cwd: place })).toMatchObject({ code: 0, stdout: "", stderr: "" });
    }
  });

  it("--page-size is what a page is asked to hold, of source and target", async () => {
    const bucket = world.bucket(Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`p/k${i}`, "x"])));
    const place = world.place();
    const pages = () =>
      world.server.requests
        .filter((request) => request.bucket === bucket && request.operation === "ListObjectsV2")
        .map((request) => parameter(request, "max-keys"));
    const down = await world.run(["sync", `s3://${bucket}/p`, ".", "--page-size", "2"], { cwd: place });
    expect(down.code).toBe(0);
    expect(readdirSync(place)).toHaveLength(7);
    expect(pages()).toEqual(["2", "2", "2", "2"]);
    expect(
      (await world.run(["sync", ".", `s3://${bucket}/p`, "--page-size", "3"], { cwd: place })).stdout,
    ).toBe("");
    expect(pages().slice(4)).toEqual(["3", "3", "3"]);
  });

  it.each([
    ["ls", "s3://BUCKET/p/"],
    ["cp", "s3://BUCKET/p", "out", "--recursive"],
    ["cp", "s3://BUCKET/p", "s3://BUCKET/q", "--recursive"],
    ["cache-key", "s3://BUCKET/p"],
  ])("--page-size holds for %s %s too", async (...args) => {
    const bucket = world.bucket({ "p/1": "x", "p/2": "x", "p/3": "x" });
    const line = args.map((arg) => arg.replace("BUCKET", bucket));
    const { code, stderr } = await world.run([...line, "--page-size", "2"], { cwd: world.place() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const pages = world.server.requests.filter(
      (request) => request.bucket === bucket && request.operation === "ListObjectsV2",
    );
    expect(pages.map((request) => parameter(request, "max-keys"))).toEqual(["2", "2"]);
  });

  it("gives files the objects' times", async () => {
    const bucket = world.bucket({ a: "1" });
    const place = world.place();
    writeFileSync(`${place}/a`, "22");
    await world.run(["sync", `s3://${bucket}`, "."], { cwd: place });
    expect(statSync(`${place}/a`).mtimeMs).toBe(world.server.object(bucket, "a")!.lastModified);
  });
});
