import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { CAN_CHOWN, giveAway, NEEDS_ROOT } from "../../support/other-user.js";
import { startBuilt } from "../../support/run-built.js";

const world = builtWorld();

/** The lines on stderr that are no hints, and not the last one, which has the first failure again. */
const clearLines = (stderr: string) =>
  stderr.split("\n").filter((line) => line !== "" && line[0] !== " " && !/ the first: /.test(line));

/** Whether our handlers of signals are there: Node has none of its own for SIGHUP. */
function catchesSignals(pid: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${caught}`) & 1n) !== 0n;
}

const IT = it.skipIf(!CAN_CHOWN);

describe("what another user planted", () => {
  IT(`cp s3://… FIFO and DEVICE is refused, read or not${NEEDS_ROOT}`, async () => {
    const bucket = world.bucket({ k: "secret" });
    const place = world.place();
    chmodSync(place, 0o1777);
    execFileSync("mkfifo", ["-m", "666", `${place}/fifo`]);
    execFileSync("mknod", ["-m", "666", `${place}/zero`, "c", "1", "5"]);
    execFileSync("mknod", ["-m", "666", `${place}/null`, "c", "1", "3"]);
    const reader = openSync(`${place}/fifo`, constants.O_RDONLY | constants.O_NONBLOCK);
    for (const name of ["fifo", "zero", "null"]) {
      giveAway(`${place}/${name}`);
      const { code, stderr } = await world.run(["cp", `s3://${bucket}/k`, `${place}/${name}`]);
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(clearLines(stderr)).toEqual([expect.stringMatching(/fifo or device of another user/)]);
    }
    expect(readSync(reader, Buffer.alloc(10))).toBe(0);
    closeSync(reader);
  });

  it("cp s3://… FIFO of our own waits for a reader, and ends at SIGTERM", async () => {
    const bucket = world.bucket({ k: "content" });
    const place = world.place();
    execFileSync("mkfifo", [`${place}/fifo`]);
    const { child, finished } = startBuilt(["cp", `s3://${bucket}/k`, `${place}/fifo`], {
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    while (!catchesSignals(child.pid as number)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    expect(await finished).toMatchObject({ code: 143, timedOut: false });
  });

  IT(
    `a link on the way to the target is refused, also where a folder is to be made${NEEDS_ROOT}`,
    async () => {
      const bucket = world.bucket({ k: "new", "p/a": "new" });
      const place = world.place({ "private/k": "old" });
      symlinkSync("private", `${place}/link`);
      symlinkSync("private/k", `${place}/file`);
      for (const name of ["link", "file"]) giveAway(`${place}/${name}`);
      for (const args of [
        ["cp", `s3://${bucket}/k`, `${place}/link/`],
        ["cp", `s3://${bucket}/k`, `${place}/link/deep/k`],
        ["cp", `s3://${bucket}/k`, `${place}/file`],
        ["cp", `s3://${bucket}/p`, `${place}/link`, "--recursive"],
        ["cp", `s3://${bucket}/p`, `${place}/link/deep`, "--recursive"],
        ["sync", `s3://${bucket}/p`, `${place}/link`, "--delete"],
      ]) {
        const { code, stderr } = await world.run(args);
        expect({ args, code }).toEqual({ args, code: 1 });
        const lines = clearLines(stderr).filter((line) => !/^warning: Nothing was deleted/.test(line));
        expect(lines).toEqual([expect.stringMatching(/symbolic link of another user/)]);
      }
      expect(filesOf(`${place}/private`)).toEqual({ k: "old" });
      symlinkSync("private", `${place}/ours`);
      expect((await world.run(["cp", `s3://${bucket}/p`, `${place}/ours`, "--recursive"])).code).toBe(0);
      expect(filesOf(`${place}/private`)).toEqual({ a: "new", k: "old" });
    },
  );

  IT(`a link is no source, but to what is that user's own${NEEDS_ROOT}`, async () => {
    const bucket = world.bucket();
    const place = world.place({ "root-only/secret": "secret", "tree/plain": "plain", "his/file": "his" });
    giveAway(`${place}/his`);
    giveAway(`${place}/his/file`);
    for (const [name, target] of [
      ["to-secret", "../root-only/secret"],
      ["to-folder", "../root-only"],
      ["to-his", "../his/file"],
      ["to-his-folder", "../his"],
    ]) {
      symlinkSync(target as string, `${place}/tree/${name}`);
      giveAway(`${place}/tree/${name}`);
    }
    symlinkSync("plain", `${place}/tree/ours`);
    const tree = await world.run(["cp", `${place}/tree`, `s3://${bucket}/t`, "--recursive"]);
    expect(tree.code).toBe(2);
    expect(clearLines(tree.stderr).map((line) => line.replaceAll(place, ""))).toEqual([
      expect.stringMatching(/^warning: Skipping file \/tree\/to-folder\. .*link of another user/),
      expect.stringMatching(/^warning: Skipping file \/tree\/to-secret\. .*link of another user/),
    ]);
    expect(objectsOf(world, bucket)).toEqual({
      "t/ours": "plain",
      "t/plain": "plain",
      "t/to-his": "his",
      "t/to-his-folder/file": "his",
    });
    const single = await world.run(["cp", `${place}/tree/to-secret`, `s3://${bucket}/single`]);
    expect(single.code).toBe(1);
    expect(clearLines(single.stderr)).toEqual([expect.stringMatching(/symbolic link of another user/)]);
  });
});

/** A preload that does something the first time that a call has a path, before it is made. */
function shim(place: string, call: string, pattern: RegExp, action: string): string {
  const path = `${place}/shim.cjs`;
  writeFileSync(
    path,
    `const fs = require("node:fs");
     const real = fs.${call};
     let struck = false;
     fs.${call} = (path, ...rest) => {
       if (!struck && ${pattern}.test(String(path))) {
         struck = true;
         fs.writeFileSync(${JSON.stringify(`${place}/struck`)}, "");
         ${action}
       }
       return real(path, ...rest);
     };`,
  );
  return path;
}

describe("what changes between the look and the use", () => {
  it("cp --recursive --no-follow-symlinks does not follow a link that takes a file's place", async () => {
    const bucket = world.bucket();
    const place = world.place({ secret: "secret", "tree/a": "a", "tree/b": "b" });
    const action = `fs.unlinkSync("${place}/tree/a"); fs.symlinkSync("../secret", "${place}/tree/a");`;
    const nodeOptions = ["--require", shim(place, "openSync", /\/a$/, action)];
    const args = ["cp", `${place}/tree`, `s3://${bucket}/`, "--recursive", "--no-follow-symlinks"];
    const { code, stderr } = await world.run(args, { nodeOptions });
    expect(readdirSync(place)).toContain("struck");
    expect(code).toBe(1);
    expect(clearLines(stderr)).toEqual([expect.stringMatching(/symbolic link stands where none may/)]);
    expect(objectsOf(world, bucket)).toEqual({ b: "b" });
  });

  it("nor one that takes a folder's place", async () => {
    const bucket = world.bucket();
    const place = world.place({ "private/a": "secret", "tree/in/a": "a" });
    const action = `fs.renameSync("${place}/tree/in", "${place}/gone"); fs.symlinkSync("../private", "${place}/tree/in");`;
    const nodeOptions = ["--require", shim(place, "openSync", /\/in$/, action)];
    const args = ["cp", `${place}/tree`, `s3://${bucket}/`, "--recursive", "--no-follow-symlinks"];
    const { code } = await world.run(args, { nodeOptions });
    expect(readdirSync(place)).toContain("struck");
    expect(code).not.toBe(0);
    expect(objectsOf(world, bucket)).toEqual({});
  });

  it("an upload does not wait at a fifo that takes a file's place", async () => {
    const bucket = world.bucket();
    for (const args of [["--recursive"], []]) {
      const place = world.place({ "tree/a": "a" });
      const action = `fs.unlinkSync("${place}/tree/a"); require("node:child_process").execFileSync("mkfifo", ["${place}/tree/a"]);`;
      const nodeOptions = ["--require", shim(place, "openSync", /\/a$/, action)];
      const source = args.length > 0 ? `${place}/tree` : `${place}/tree/a`;
      const { code, stderr, timedOut } = await world.run(["cp", source, `s3://${bucket}/`, ...args], {
        nodeOptions,
      });
      expect(readdirSync(place)).toContain("struck");
      expect({ code, timedOut }).toEqual({ code: 1, timedOut: false });
      expect(clearLines(stderr)).toEqual([expect.stringMatching(/not a regular file/)]);
    }
    expect(objectsOf(world, bucket)).toEqual({});
  });

  it("sync --delete deletes in the folder that it compared, whatever takes its place", async () => {
    const bucket = world.bucket({ keep: "keep" });
    const place = world.place({ "target/keep": "keep", "target/extra": "x", "other/extra": "not ours" });
    const action = `fs.renameSync("${place}/target", "${place}/moved"); fs.symlinkSync("other", "${place}/target");`;
    const nodeOptions = ["--require", shim(place, "unlinkSync", /\/extra$/, action)];
    const { code } = await world.run(
      ["sync", `s3://${bucket}`, `${place}/target`, "--delete", "--size-only"],
      {
        nodeOptions,
      },
    );
    expect(readdirSync(place)).toContain("struck");
    expect(code).toBe(0);
    expect(filesOf(`${place}/other`)).toEqual({ extra: "not ours" });
    expect(filesOf(`${place}/moved`)).toEqual({ keep: "keep" });
  });

  it("a download arrives in the folder that was opened", async () => {
    const bucket = world.bucket({ k: "new" });
    const place = world.place({ "private/k": "untouched", "target/x": "" });
    const action = `fs.renameSync("${place}/target", "${place}/moved"); fs.symlinkSync("private", "${place}/target");`;
    const nodeOptions = ["--require", shim(place, "renameSync", /\.fetch-creds$/, action)];
    const { code } = await world.run(["cp", `s3://${bucket}/k`, `${place}/target/k`], { nodeOptions });
    expect(readdirSync(place)).toContain("struck");
    expect(code).toBe(0);
    expect(readFileSync(`${place}/private/k`, "utf8")).toBe("untouched");
    expect(filesOf(`${place}/moved`)).toEqual({ k: "new", x: "" });
  });

  it("a name for the file in the making that is taken is no reason to fail", async () => {
    const bucket = world.bucket({ "p/a": "a", "p/b": "b" });
    const place = world.place();
    const action = `throw Object.assign(new Error("taken"), { code: "EEXIST", syscall: "open" });`;
    const nodeOptions = ["--require", shim(place, "openSync", /\.fetch-creds$/, action)];
    mkdirSync(`${place}/out`);
    const { code } = await world.run(["cp", `s3://${bucket}/p`, `${place}/out`, "--recursive"], {
      nodeOptions,
    });
    expect(readdirSync(place)).toContain("struck");
    expect(code).toBe(0);
    expect(filesOf(`${place}/out`)).toEqual({ a: "a", b: "b" });
  });
});
