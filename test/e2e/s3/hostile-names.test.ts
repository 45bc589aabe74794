import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, linesOf } from "../../support/built-world.js";

const world = builtWorld();

/** Each refused key is named in exactly one warning. */
function warnings(stderr: string): string[] {
  return linesOf(stderr).filter((line) => line.startsWith("warning: "));
}

describe.concurrent("keys that must not become files", () => {
  const PARENT = "File references a parent directory.";
  const FOLDER = "Its key ends in a slash, like a folder.";
  const refused: readonly (readonly [key: string, reason: string, shown?: string])[] = [
    ["../x", PARENT],
    ["/../x", PARENT],
    ["a/../../x", PARENT],
    ["a/..", PARENT],
    ["..", PARENT],
    [".", FOLDER],
    ["a/.", FOLDER],
    ["nul\0name", "Its name holds a NUL character.", "nul\\x00name"],
    [`long/${"x".repeat(256)}`, "Part of its name is longer than 255 bytes."],
    [`wide/${"é".repeat(128)}`, "Part of its name is longer than 255 bytes."],
    ["bytes/", "Its key ends in a slash, like a folder, but it is not empty."],
  ];
  const lines = refused.map(([key, reason, shown = key]) => `warning: Skipping file ${shown}. ${reason}`);
  it.each([["cp", "--recursive"], ["sync"]])(
    "%s: each is named once and skipped, exit 2",
    async (verb = "", ...more) => {
      const keys = refused.map(([key]) => [`p/${key}`, "evil"]);
      const bucket = world.bucket({ ...Object.fromEntries(keys), "p/good": "good" });
      const place = world.place();
      mkdirSync(`${place}/in/out`, { recursive: true });
      const { code, stderr } = await world.run([verb, `s3://${bucket}/p/`, "in/out", ...more], {
        cwd: place,
      });
      expect(code).toBe(2);
      expect(warnings(stderr).sort()).toEqual(lines.sort());
      expect(filesOf(place)).toEqual({ "in/out/good": "good" });
    },
  );

  it("controls and bidi characters are shown escaped, and the file is made", async () => {
    const name = "a\u001b[31m\u202eb\nc";
    const bucket = world.bucket({ [name]: "x" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result.code).toBe(0);
    expect(result.stdout).toBe(
      `download: s3://${bucket}/a\\x1b[31m\\u202eb\\nc to ./a\\x1b[31m\\u202eb\\nc\n`,
    );
    expect(filesOf(place)).toEqual({ [name]: "x" });
    expect((await world.run(["ls", `s3://${bucket}`])).stdout).toContain("a\\x1b[31m\\u202eb\\nc\n");
  });

  it("names of 255 bytes and keys of 1,024 are fine", async () => {
    const long = `${"d".repeat(200)}/${"e".repeat(200)}/${"f".repeat(200)}/${"g".repeat(165)}/${"é".repeat(127)}h`;
    expect(Buffer.byteLength(long)).toBe(1024);
    const bucket = world.bucket({ [long]: "x" });
    const place = world.place();
    expect((await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place })).code).toBe(0);
    expect(filesOf(place)).toEqual({ [long]: "x" });
  });

  it("a backslash is a character of a name", async () => {
    const bucket = world.bucket({ "..\\..\\x": "x" });
    const place = world.place();
    expect((await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place })).code).toBe(0);
    expect(filesOf(place)).toEqual({ "..\\..\\x": "x" });
  });

  it("a key that is another's folder: the file stands, what lies below it is skipped", async () => {
    const bucket = world.bucket({ a: "file", "a-x": "1", "a/b": "below", "a/c/d": "below" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result.code).toBe(2);
    expect(warnings(result.stderr)).toHaveLength(2);
    expect(filesOf(place)).toEqual({ a: "file", "a-x": "1" });
  });

  it("keys that are one file to a file system: only the one that is spelt so", async () => {
    const bucket = world.bucket({ "a//b": "2", "a/./b": "3", "a/b": "1", "/lone": "4" });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result.code).toBe(2);
    expect(warnings(result.stderr)).toHaveLength(2);
    expect(filesOf(place)).toEqual({ "a/b": "1", lone: "4" });
  });

  it("a symbolic link in place of a folder is not written through, nor deleted through", async () => {
    const bucket = world.bucket({ "p/link/x": "evil", "p/deep/link/y": "evil", "p/ok": "ok" });
    const place = world.place({ "outside/keep": "keep" });
    mkdirSync(`${place}/dst/deep`, { recursive: true });
    symlinkSync("../outside", `${place}/dst/link`);
    symlinkSync("../../outside", `${place}/dst/deep/link`);
    for (const args of [
      ["cp", `s3://${bucket}/p`, "dst", "--recursive"],
      ["sync", `s3://${bucket}/p`, "dst", "--delete"],
    ]) {
      const result = await world.run(args, { cwd: place });
      expect(result.code).toBe(2);
      expect(warnings(result.stderr)).toHaveLength(2);
      expect(warnings(result.stderr)[0]).toContain("symbolic link");
    }
    expect(readdirSync(`${place}/outside`)).toEqual(["keep"]);
    expect(filesOf(`${place}/outside`)).toEqual({ keep: "keep" });
  });

  it("the destination itself may be a link", async () => {
    const bucket = world.bucket({ a: "1" });
    const place = world.place();
    mkdirSync(`${place}/real`);
    symlinkSync("real", `${place}/dst`);
    expect((await world.run(["cp", `s3://${bucket}`, "dst", "--recursive"], { cwd: place })).code).toBe(0);
    expect(filesOf(`${place}/real`)).toEqual({ a: "1" });
  });
});

describe.concurrent("a key that is longer than any", () => {
  it("is named by its beginning", async () => {
    const bucket = world.bucket({ a: "1", ["k".repeat(100_000)]: "x" });
    const place = world.place();
    const { code, stderr } = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^warning: Skipping file \S*k{4000}\S*…\. [^\n]+\n$/);
    expect(stderr.length).toBeLessThan(4400);
    expect(filesOf(place)).toEqual({ a: "1" });
  });
});

describe.concurrent("a key that is made to be obeyed or not to be seen", () => {
  const NAME =
    "a\u{e0041}\u3164\u202e##vso[task.setvariable variable=x]y##teamcity[buildStop]##octopus[z]\u009b\u007f";
  const SHOWN =
    "a\\u{e0041}\\u3164\\u202e#\\x23vso[task.setvariable variable=x]y#\\x23teamcity[buildStop]#\\x23octopus[z]\\x9b\\x7f";

  it("is shown escaped, in lines and in JSON", async () => {
    const bucket = world.bucket({ [NAME]: "x" });
    for (const args of [
      ["ls", `s3://${bucket}`],
      ["cp", `s3://${bucket}`, ".", "--recursive", "--dryrun"],
    ]) {
      const lines = await world.run(args, { cwd: world.place() });
      expect(lines.code).toBe(0);
      expect(lines.stdout).toContain(SHOWN);
      const json = await world.run([...args, "--json"], { cwd: world.place() });
      expect(json.stdout).toMatch(/^[ -~\n]*$/);
      expect(json.stdout).not.toContain("##");
      const [first] = json.stdout.split("\n").map((line) => JSON.parse(line || "{}"));
      expect(first.key ?? first.source).toContain(NAME);
    }
  });

  it("that is one of the keys' own secrets is concealed", async () => {
    const secret = world.server.env.AWS_SECRET_ACCESS_KEY ?? "";
    const bucket = world.bucket({ [`${secret}.txt`]: "x" });
    for (const more of [[], ["--json"]]) {
      const cwd = world.place();
      const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive", ...more], { cwd });
      expect(result.code).toBe(0);
      expect(filesOf(cwd)).toEqual({ [`${secret}.txt`]: "x" });
      expect(result.stdout + result.stderr).not.toContain(secret);
      expect(result.stdout).toContain("***");
    }
  });
});
