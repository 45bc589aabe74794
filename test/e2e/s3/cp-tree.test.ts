import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

describe.concurrent("cp --recursive", () => {
  it("down: the prefix p means p/, markers of folders make nothing", async () => {
    const bucket = world.bucket({ "p/a": "1", "p/d/b": "2", "p/e/": "", p: "no", "p2/c": "no" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/p`, "out", "--recursive"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(result.stdout)).toEqual([
      `download: s3://${bucket}/p/a to out/a`,
      `download: s3://${bucket}/p/d/b to out/d/b`,
    ]);
    expect(filesOf(place)).toEqual({ "out/a": "1", "out/d/b": "2" });
  });

  it("up and across", async () => {
    const [bucket, other] = [world.bucket(), world.bucket()];
    const place = world.place({ "src/a.txt": "1", "src/d/b.json": "{}" });
    const up = await world.run(["cp", "src", `s3://${bucket}/p`, "--recursive"], { cwd: place });
    expect(up).toMatchObject({ code: 0, stderr: "" });
    expect(linesOf(up.stdout)).toEqual([
      `upload: src/a.txt to s3://${bucket}/p/a.txt`,
      `upload: src/d/b.json to s3://${bucket}/p/d/b.json`,
    ]);
    expect(world.server.object(bucket, "p/d/b.json")!.headers["content-type"]).toBe("application/json");
    const across = await world.run(["cp", `s3://${bucket}/p`, `s3://${other}`, "--recursive"]);
    expect(across).toMatchObject({ code: 0, stderr: "" });
    expect(objectsOf(world, other)).toEqual({ "a.txt": "1", "d/b.json": "{}" });
  });

  it("filters in order, the last match wins, * crosses /, relative to the source", async () => {
    const bucket = world.bucket({
      "p/a.txt": "1",
      "p/d/b.txt": "2",
      "p/d/c.log": "3",
      "p/x1": "4",
      "p/xa": "5",
    });
    const place = world.place();
    const down = (name: string, ...filters: string[]) =>
      world.run(["cp", `s3://${bucket}/p`, name, "--recursive", ...filters], { cwd: place });
    await down("one", "--exclude", "*", "--include", "*.txt", "--exclude", "d/*");
    await down("two", "--exclude", "x[!0-9]", "--exclude", "*.???");
    expect(filesOf(place)).toEqual({ "one/a.txt": "1", "two/x1": "4" });
  });

  it("an empty prefix fails and says so, before filters; a filter that leaves nothing does not", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place();
    const empty = await world.run(["cp", `s3://${bucket}/q`, ".", "--recursive"], { cwd: place });
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining(`s3://${bucket}/q/ is empty`) });
    const across = await world.run(["cp", `s3://${bucket}/q`, `s3://${bucket}/r`, "--recursive"]);
    expect(across.code).toBe(1);
    const filtered = await world.run(["cp", `s3://${bucket}/p`, ".", "--recursive", "--exclude", "*"], {
      cwd: place,
    });
    expect(filtered).toMatchObject({ code: 0, stderr: "" });
  });

  it("wildcards take * and ? only, and names begin after the last slash before them", async () => {
    const bucket = world.bucket({
      "p/a1.txt": "1",
      "p/d/a2.txt": "2",
      "p/b.txt": "3",
      "p/[x]": "4",
      "p/a*": "5",
    });
    const place = world.place();
    const down = (key: string, name: string, ...more: string[]) =>
      world.run(["cp", `s3://${bucket}/${key}`, name, ...more], { cwd: place });
    await down("p/*a?.txt", "one");
    await down("p/[x]", "two/");
    await down("p/a*", "three/", "--raw");
    expect(filesOf(place)).toEqual({
      "one/a1.txt": "1",
      "one/d/a2.txt": "2",
      "two/[x]": "4",
      "three/a*": "5",
    });
    const none = await down("p/z*", "none");
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("no object matches") });
  });

  it("--no-overwrite, --dryrun, --quiet, --only-show-errors", async () => {
    const bucket = world.bucket({ "p/a": "new", "p/b": "new" });
    const place = world.place({ a: "old" });
    const base = ["cp", `s3://${bucket}/p`, ".", "--recursive"];
    const dry = await world.run([...base, "--dryrun"], { cwd: place });
    expect(linesOf(dry.stdout)).toEqual([
      `(dryrun) download: s3://${bucket}/p/a to ./a`,
      `(dryrun) download: s3://${bucket}/p/b to ./b`,
    ]);
    expect(filesOf(place)).toEqual({ a: "old" });
    expect(await world.run([...base, "--no-overwrite", "--only-show-errors"], { cwd: place })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(filesOf(place)).toEqual({ a: "old", b: "new" });
    expect(await world.run([...base, "--quiet"], { cwd: place })).toMatchObject({ code: 0, stdout: "" });
    expect(filesOf(place)).toEqual({ a: "new", b: "new" });
  });

  it("links: followed, or left out, broken ones and loops are warned of", async () => {
    const place = world.place({ "src/d/f": "1" });
    symlinkSync("d", `${place}/src/to-folder`);
    symlinkSync("d/f", `${place}/src/to-file`);
    const [one, two, three] = [world.bucket(), world.bucket(), world.bucket()];
    const up = (bucket: string, ...more: string[]) =>
      world.run(["cp", "src", `s3://${bucket}`, "--recursive", ...more], { cwd: place });
    expect((await up(one)).code).toBe(0);
    expect(objectsOf(world, one)).toEqual({ "d/f": "1", "to-file": "1", "to-folder/f": "1" });
    expect((await up(two, "--no-follow-symlinks")).code).toBe(0);
    expect(objectsOf(world, two)).toEqual({ "d/f": "1" });
    symlinkSync("nowhere", `${place}/src/broken`);
    symlinkSync("..", `${place}/src/d/loop`);
    const warned = await up(three);
    expect(warned.code).toBe(2);
    expect(warned.stderr).toContain(`warning: Skipping file ${place}/src/broken. File does not exist.`);
    expect(warned.stderr).toContain("points to a folder that contains it");
    expect(objectsOf(world, three)).toMatchObject({ "d/f": "1" });
  });

  it("a failing object fails alone: exit 1, the others are there", async () => {
    const bucket = world.bucket({ a: "1", b: "2" });
    const place = world.place();
    mkdirSync(`${place}/a/in-the-way`, { recursive: true });
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`download failed: s3://${bucket}/a to ./a`);
    expect(result.stderr).not.toContain("/proc/self");
    expect(readFileSync(`${place}/b`, "utf8")).toBe("2");
  });

  it("many failures: ten lines and a count; --json has all", async () => {
    const names = Array.from({ length: 13 }, (_, index) => `k${index}`);
    const bucket = world.bucket(Object.fromEntries(names.map((name) => [name, "x"])));
    world.server.bucket(bucket).denied.add("s3:GetObject");
    const place = world.place();
    const base = ["cp", `s3://${bucket}`, ".", "--recursive"];
    const text = await world.run(base, { cwd: place });
    expect(text.code).toBe(1);
    expect(linesOf(text.stderr).filter((line) => line.startsWith("download failed:"))).toHaveLength(10);
    expect(text.stderr).toContain("\n3 more failures, not shown here (--json shows all)\n");
    const json = await world.run([...base, "--json"], { cwd: place });
    const events = linesOf(json.stdout).map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === "failed")).toHaveLength(13);
    expect(events.at(-1)).toMatchObject({ event: "summary", done: 0, failed: 13, skipped: 0, warnings: 0 });
  });

  it("--case-conflict: skip and warn tell of it and are 0, error is 1, ignore takes both", async () => {
    const bucket = world.bucket({ "p/A": "1", "p/a": "2" });
    const run = async (rule: string) => {
      const place = world.place();
      const result = await world.run(
        ["cp", `s3://${bucket}/p`, ".", "--recursive", "--case-conflict", rule],
        {
          cwd: place,
        },
      );
      return { code: result.code, files: filesOf(place), told: result.stderr.split(" ", 2).join(" ") };
    };
    expect(await run("ignore")).toEqual({ code: 0, files: { A: "1", a: "2" }, told: "" });
    expect(await run("warn")).toEqual({
      code: 0,
      files: { A: "1", a: "2" },
      told: "warning: Downloading",
    });
    expect(await run("skip")).toEqual({ code: 0, files: { A: "1" }, told: "warning: Skipping" });
    expect((await run("error")).code).toBe(1);
  });

  it("--case-conflict skip is 2 beside a warning that nobody asked for", async () => {
    const bucket = world.bucket({ "p/A": "1", "p/a": "2", "p/../x": "3" });
    const place = world.place();
    const args = ["cp", `s3://${bucket}/p`, ".", "--recursive", "--case-conflict", "skip"];
    const { code, stderr } = await world.run(args, { cwd: place });
    expect(stderr.match(/^warning: Skipping/gm)).toHaveLength(2);
    expect({ code, files: filesOf(place) }).toEqual({ code: 2, files: { A: "1" } });
    const json = await world.run([...args, "--json"], { cwd: place });
    expect(json.stdout).toContain('"warnings":2');
  });
});
