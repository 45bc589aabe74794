import { describe, expect, it } from "vitest";
import { builtWorld, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

const NO_EFFECT = [
  ...["--output", "text", "--query", "x", "--color", "off", "--no-paginate", "--no-cli-pager"],
  ...["--no-cli-auto-prompt", "--cli-binary-format", "raw-in-base64-out", "--cli-error-format", "json"],
];

describe.concurrent("options of the AWS CLI that change nothing here", () => {
  it("are taken by cp, sync and ls", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place({ f: "y" });
    for (const args of [
      ["cp", "f", `s3://${bucket}/f`],
      ["sync", ".", `s3://${bucket}/s`],
    ])
      expect(await world.run([...args, ...NO_EFFECT], { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    const ls = await world.run(["ls", `s3://${bucket}`, ...NO_EFFECT]);
    expect({ code: ls.code, lines: ls.stdout.trim().split("\n").length }).toEqual({ code: 0, lines: 3 });
    expect(objectsOf(world, bucket)).toEqual({ k: "x", f: "y", "s/f": "y" });
  });

  it.each([
    [["--output", "xml"], "--output cannot be 'xml'"],
    [["--color", "blue"], "--color cannot be 'blue'"],
    [["--query"], "--query needs"],
  ])("%j is wrong all the same", async (args, line) => {
    const { code, stderr } = await world.run(["ls", ...args]);
    expect({ code, stderr }).toEqual({ code: 252, stderr: expect.stringContaining(line) });
  });

  it("belong to its s3 commands alone", async () => {
    const { code, stderr } = await world.run(["verify", "--no-cli-pager"]);
    expect({ code, stderr }).toEqual({
      code: 252,
      stderr: expect.stringMatching(/^fetch-creds: .*--no-cli-pager/),
    });
  });
});

describe.concurrent("--progress-frequency and --progress-multiline", () => {
  it("are taken by cp and sync", async () => {
    const bucket = world.bucket({ k: "x" });
    const place = world.place();
    for (const args of [
      ["cp", `s3://${bucket}/k`, "."],
      ["sync", `s3://${bucket}`, "."],
    ]) {
      const shown = [...args, "--progress-frequency", "60", "--progress-multiline"];
      expect(await world.run(shown, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
      const wrong = await world.run([...args, "--progress-frequency", "often"], { cwd: place });
      expect(wrong).toMatchObject({
        code: 252,
        stderr: expect.stringContaining("--progress-frequency 'often' is not a number"),
      });
    }
  });
});

describe.concurrent("--copy-props", () => {
  const LARGE = 9 * 1024 * 1024;

  it.each([
    ["none", {}, {}],
    ["metadata-directive", { m: "1" }, {}],
    ["default", { m: "1" }, { t: "2" }],
  ])("%s, in one request and in parts", async (props, metadata, tags) => {
    const bucket = world.bucket();
    const source = { metadata: { m: "1" }, tags: { t: "2" }, headers: { "content-type": "x/y" } };
    world.server.put(bucket, "small", "x", source);
    world.server.put(bucket, "large", Buffer.alloc(LARGE), source);
    for (const key of ["small", "large"]) {
      const args = ["cp", `s3://${bucket}/${key}`, `s3://${bucket}/to/${key}`, "--copy-props", props];
      expect(await world.run(args)).toMatchObject({ code: 0, stderr: "" });
      expect(world.server.object(bucket, `to/${key}`)).toMatchObject({ metadata, tags });
      const type = world.server.object(bucket, `to/${key}`)?.headers["content-type"];
      expect(type).toBe(props === "none" ? "binary/octet-stream" : "x/y");
    }
    const copies = world.server.requests.filter(
      (request) => request.bucket === bucket && request.operation === "CopyObject",
    );
    expect(copies.map(({ headers }) => headers["x-amz-object-annotation-directive"])).toEqual(["EXCLUDE"]);
  });

  it("all is refused in words", async () => {
    expect(await world.run(["cp", "s3://b/k", "s3://b/l", "--copy-props", "all"])).toMatchObject({
      code: 252,
      stderr: expect.stringMatching(/^fetch-creds: --copy-props all is not supported: object annotations /),
    });
  });
});

describe.concurrent("--metadata", () => {
  it("NAME@=file://PATH is what the file holds", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x", note: "from, a file\n" });
    const args = ["cp", "f", `s3://${bucket}/f`, "--metadata", "note@=file://note,plain=1"];
    expect(await world.run(args, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    expect(world.server.object(bucket, "f")?.metadata).toEqual({ note: "from, a file", plain: "1" });
  });

  it.each(["", "a=1,a=2", 'a="b', "a={b=1}", "a@=file://nothing", "a=caf\u00e9"])(
    "%j is a wrong command line, and nothing is sent",
    async (metadata) => {
      const bucket = world.bucket();
      const place = world.place({ f: "x" });
      const args = ["cp", "f", `s3://${bucket}/f`, "--metadata", metadata];
      const { code, stderr } = await world.run(args, { cwd: place });
      expect({ code, stderr }).toEqual({
        code: 252,
        stderr: expect.stringMatching(/^fetch-creds: .*--metadata/),
      });
      expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
    },
  );
});
