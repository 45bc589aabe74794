import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf } from "../../support/built-world.js";

const world = builtWorld();
const SHIM = resolve("test/support/folding-file-system.cjs");

/** Runs in a folder below which names are folded; its own name has no letters, and its parent does not fold. */
function folding(place: string) {
  const root = `${place}/2024`;
  mkdirSync(root, { recursive: true });
  const run = (args: readonly string[]) =>
    world.run(args, { cwd: place, env: { FOLDED_BELOW: root }, nodeOptions: ["--require", SHIM] });
  return { root, run };
}

describe.concurrent("a file system that folds names", () => {
  it("the test's own one does", async () => {
    const { root, run } = folding(world.place());
    writeFileSync(`${root}/Name`, "");
    const bucket = world.bucket({ name: "1" });
    expect((await run(["sync", `s3://${bucket}`, "2024"])).code).toBe(0);
    expect(readdirSync(root)).toEqual(["Name"]);
    expect(readFileSync(`${root}/Name`, "utf8")).toBe("1");
  });

  it("two keys that are one file there: the second is left out with a warning, in cp and in sync", async () => {
    const bucket = world.bucket({
      "p/License": "one",
      "p/license": "two",
      "p/d/\u00e9": "one",
      "p/d/e\u0301": "two",
      "p/D2/x": "one",
      "p/d2/x": "two",
      "p/other": "three",
    });
    for (const args of [
      ["cp", `s3://${bucket}/p`, "2024", "--recursive"],
      ["sync", `s3://${bucket}/p`, "2024"],
      ["sync", `s3://${bucket}/p`, "2024", "--delete"],
    ]) {
      const { root, run } = folding(world.place());
      const result = await run(args);
      expect(result.code).toBe(2);
      expect(result.stderr.match(/^warning: Skipping .*/gm)).toHaveLength(3);
      for (const name of ["p/license", "p/d/\u00e9", "p/d2/x"])
        expect(result.stderr).toContain(`/${name} ->`);
      expect(filesOf(root)).toEqual({ "D2/x": "one", License: "one", "d/e\u0301": "two", other: "three" });
      // Once more, and all is as it was.
      expect((await run(args)).code).toBe(2);
      expect(filesOf(root)).toEqual({ "D2/x": "one", License: "one", "d/e\u0301": "two", other: "three" });
    }
  });

  it("only below one folder of the target is seen there, too", async () => {
    const bucket = world.bucket({ "2024/License": "1", "2024/license": "2", License: "3", license: "4" });
    const place = world.place();
    const { run } = folding(place);
    const result = await run(["cp", `s3://${bucket}`, ".", "--recursive"]);
    expect(result.code).toBe(2);
    expect(result.stderr.match(/^warning: Skipping .*/gm)).toHaveLength(1);
    expect(filesOf(place)).toEqual({ "2024/License": "1", License: "3", license: "4" });
  });

  it("--case-conflict decides there as elsewhere", async () => {
    const bucket = world.bucket({ A: "1", a: "2" });
    const { root, run } = folding(world.place());
    const result = await run(["cp", `s3://${bucket}`, "2024", "--recursive", "--case-conflict", "error"]);
    expect(result.code).toBe(1);
    expect(filesOf(root)).toEqual({ A: "1" });
  });

  it("--case-conflict minds the files that are there, too", async () => {
    const bucket = world.bucket({ "d/file": "new", name: "new", exact: "new" });
    const there = { "D/File": "old", Name: "old", exact: "old" };
    for (const [rule, code, files, verb] of [
      ["skip", 0, { ...there, exact: "new" }, ["cp", "--recursive"]],
      ["skip", 0, { ...there, exact: "new" }, ["sync", "--delete"]],
      ["warn", 0, { "D/File": "new", Name: "new", exact: "new" }, ["cp", "--recursive"]],
      ["error", 1, there, ["cp", "--recursive"]],
    ] as const) {
      const { root, run } = folding(world.place());
      mkdirSync(`${root}/D`);
      for (const [name, body] of Object.entries(there)) writeFileSync(`${root}/${name}`, body);
      // Of another size, so that sync copies it.
      writeFileSync(`${root}/exact`, rule === "error" ? "old" : "older");
      const [name, option] = verb;
      const args = [name, `s3://${bucket}`, "2024", option, "--case-conflict", rule];
      const result = await run(args);
      expect({ rule, code: result.code }).toEqual({ rule, code });
      expect(result.stderr.match(/differs only by case/g)).toHaveLength(rule === "error" ? 1 : 2);
      expect(filesOf(root)).toEqual(files);
    }
  });

  it("sync --delete never deletes the file that an object has become, by whatever spelling", async () => {
    const bucket = world.bucket({ "README.md": "new", "Sub/File": "new", "caf\u00e9": "new" });
    const { root, run } = folding(world.place());
    const old = { "Readme.md": "old", "sub/file": "old", "cafe\u0301": "old", "gone.md": "old" };
    mkdirSync(`${root}/sub`);
    for (const [name, body] of Object.entries(old)) writeFileSync(`${root}/${name}`, body);
    const dry = await run(["sync", `s3://${bucket}`, "2024", "--delete", "--dryrun"]);
    expect(dry.stdout.match(/delete: .*/g)).toEqual(["delete: 2024/gone.md"]);
    expect(Object.values(filesOf(root))).toEqual(["old", "old", "old", "old"]);
    for (let run2 = 0; run2 < 2; run2++) {
      const result = await run(["sync", `s3://${bucket}`, "2024", "--delete"]);
      expect(result).toMatchObject({ code: 0, stderr: "" });
      expect(Object.values(filesOf(root))).toEqual(["new", "new", "new"]);
    }
  });

  it("nor one whose object is archived, or left alone by --no-overwrite", async () => {
    const bucket = world.bucket({ other: "1", "Kept.md": "new" });
    world.server.put(bucket, "README.md", "new", { storageClass: "GLACIER" });
    const { root, run } = folding(world.place());
    for (const name of ["Readme.md", "kept.md", "gone"]) writeFileSync(`${root}/${name}`, "old");
    const result = await run(["sync", `s3://${bucket}`, "2024", "--delete", "--no-overwrite"]);
    expect(result.code).toBe(2);
    expect(filesOf(root)).toEqual({ "Readme.md": "old", "kept.md": "old", other: "1" });
  });
});

describe.concurrent("a file system that does not fold names", () => {
  it("keeps what differs in case only", async () => {
    const bucket = world.bucket({ "p/License": "1", "p/license": "2", "p/D/x": "3", "p/d/x": "4" });
    const place = world.place();
    for (const args of [
      ["cp", `s3://${bucket}/p`, ".", "--recursive"],
      ["sync", `s3://${bucket}/p`, ".", "--delete"],
    ]) {
      expect(await world.run(args, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
      expect(filesOf(place)).toEqual({ "D/x": "3", License: "1", "d/x": "4", license: "2" });
    }
  });
});
