import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { runBuilt } from "../../support/run-built.js";

const world = builtWorld();
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

/** The lines on stderr that are no hints. */
const clearLines = (stderr: string) => stderr.split("\n").filter((line) => line !== "" && line[0] !== " ");

const KEYS = () => ({ ...world.server.env, AWS_ENDPOINT_URL: world.server.url });

describe("a target that cannot be", () => {
  it.each([
    ["a name of 300 bytes", () => "x".repeat(300), /too long for the file system \(ENAMETOOLONG\)/],
    ["a folder's name of 300 bytes", () => `${"x".repeat(300)}/k`, /ENAMETOOLONG/],
    ["a folder that the kernel does not make", () => "/proc/nope/x", /^[^:]+: .*\/proc\/nope/],
    ["a folder further below", () => "/proc/nope/deep/er/x", /\/proc\/nope/],
    ["a loop of links", () => "loop/x", /ELOOP/],
    ["a file as a folder", () => "file/x", /a file/],
    ["a folder as a file", () => "folder", /it is a folder \(EISDIR\)/],
  ])("%s is named in one line", async (_, target, message) => {
    const bucket = world.bucket({ k: "content", "p/k": "content" });
    const place = world.place({ file: "", "folder/k/inside": "" });
    symlinkSync("loop", `${place}/loop`);
    const runs = [["cp", `s3://${bucket}/k`, target()]];
    if (target() !== "folder") runs.push(["cp", `s3://${bucket}/p`, target(), "--recursive"]);
    for (const args of runs) {
      const { code, stderr, timedOut } = await world.run(args, { cwd: place });
      expect({ args, code, timedOut }).toEqual({ args, code: 1, timedOut: false });
      expect(clearLines(stderr)).toEqual([expect.stringMatching(message)]);
      expect(stderr).not.toContain("internal error");
    }
    expect(filesOf(place)).toEqual({ file: "", "folder/k/inside": "" });
  });
});

describe("a source that cannot be", () => {
  it.each([
    ["a name of 300 bytes", "x".repeat(300)],
    ["a loop of links", "loop"],
    ["what is in a loop of links", "loop/x"],
  ])("%s is named in one line", async (_, source) => {
    const bucket = world.bucket();
    const place = world.place();
    symlinkSync("loop", `${place}/loop`);
    const { code, stderr } = await world.run(["cp", source, `s3://${bucket}/k`], { cwd: place });
    expect(code).not.toBe(0);
    expect(clearLines(stderr)).toHaveLength(1);
    expect(stderr).not.toContain("internal error");
  });
});

describe("a working folder that was removed", () => {
  const removed = () => {
    const place = world.place();
    mkdirSync(`${place}/gone`);
    return `${place}/gone`;
  };
  /** Runs in a folder that is gone when Node starts. */
  const inRemoved = (args: readonly string[]) => {
    const folder = removed();
    const node = `${folder}/../node`;
    writeFileSync(node, `#!/bin/sh\nrmdir "${folder}"\nexec "${NODE}" "$@"\n`, { mode: 0o755 });
    return runBuilt(args, { cwd: folder, node, env: KEYS() });
  };

  it.each([
    [["cp", "s3://BUCKET/k", "x"]],
    [["cp", "x", "s3://BUCKET/x"]],
    [["sync", ".", "s3://BUCKET/"]],
    [["sync", "s3://BUCKET/", "."]],
  ])("is told of in one line: %s", async (args) => {
    const bucket = world.bucket({ k: "content" });
    const { code, stderr } = await inRemoved(args.map((arg) => arg.replace("BUCKET", bucket)));
    expect(code).toBe(255);
    expect(clearLines(stderr)).toEqual(["fetch-creds: the working folder does not exist any more"]);
  });

  it("does not matter where every path is absolute", async () => {
    const bucket = world.bucket({ k: "content" });
    const place = world.place();
    const down = await inRemoved(["cp", `s3://${bucket}/k`, `${place}/k`]);
    expect({ code: down.code, stderr: down.stderr }).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(`${place}/k`, "utf8")).toBe("content");
    const up = await inRemoved(["sync", place, `s3://${bucket}/up`]);
    expect(up.code).toBe(0);
    const out = await inRemoved(["cp", `s3://${bucket}/k`, "-"]);
    expect(out.stdout).toBe("content");
  });
});

describe("a file system of its own kind", () => {
  it.skipIf(!existsSync("/proc/version"))("whose files say size 0 is uploaded as it is read", async () => {
    const bucket = world.bucket();
    const place = world.place({ empty: "" });
    for (const path of ["/proc/version", `${place}/empty`]) {
      const { code } = await world.run(["cp", path, `s3://${bucket}/`]);
      expect(code).toBe(0);
    }
    expect(objectsOf(world, bucket)).toEqual({ empty: "", version: readFileSync("/proc/version", "utf8") });
  });

  it("that refuses times keeps the file, with a warning", async () => {
    const bucket = world.bucket({ k: "content", "p/k": "content", large: "x".repeat(2_000_000) });
    const place = world.place();
    writeFileSync(
      `${place}/shim.cjs`,
      `const fs = require("node:fs");
       fs.futimesSync = () => {
         throw Object.assign(new Error("EPERM: operation not permitted, futime"), { code: "EPERM", syscall: "futime" });
       };`,
    );
    for (const args of [
      ["cp", `s3://${bucket}/k`, `${place}/out/k`],
      ["cp", `s3://${bucket}/large`, `${place}/out/large`],
      ["cp", `s3://${bucket}/p`, `${place}/out/p`, "--recursive"],
    ]) {
      const { code, stdout, stderr } = await world.run(args, {
        nodeOptions: ["--require", `${place}/shim.cjs`],
      });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stdout).toMatch(/^download: /);
      expect(clearLines(stderr)).toEqual([
        expect.stringMatching(
          /^warning: Successfully Downloaded .* but was unable to update the last modified time\. EPERM/,
        ),
      ]);
    }
    expect(Object.keys(filesOf(`${place}/out`))).toEqual(["k", "large", "p/k"]);
  });

  it("a name for a file in the making tells nobody the next", async () => {
    const bucket = world.bucket({ "p/a": "a", "p/b": "b", "p/c": "c" });
    const place = world.place();
    const log = `${place}/log`;
    writeFileSync(
      `${place}/shim.cjs`,
      `const fs = require("node:fs");
       const { openSync } = fs;
       fs.openSync = (path, ...rest) => {
         if (String(path).endsWith(".fetch-creds")) fs.appendFileSync(${JSON.stringify(log)}, path + "\\n");
         return openSync(path, ...rest);
       };`,
    );
    await world.run(["cp", `s3://${bucket}/p`, `${place}/out`, "--recursive"], {
      nodeOptions: ["--require", `${place}/shim.cjs`],
    });
    const ends = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((name) => name.slice(-"123456.fetch-creds".length));
    expect(ends).toHaveLength(3);
    expect(new Set(ends).size).toBe(3);
    expect(readdirSync(`${place}/out`)).toEqual(["a", "b", "c"]);
  });
});
