import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { builtWorld, objectsOf } from "../../support/built-world.js";

const world = builtWorld();
const sockets = new Set<ReturnType<typeof createServer>>();
afterAll(() => {
  for (const socket of sockets) socket.close();
});

/** What is no file to upload, by its name in the folder. */
const MADE: Readonly<Record<string, (path: string) => unknown>> = {
  broken: (path) => symlinkSync("nowhere", path),
  loop: (path) => symlinkSync("loop", path),
  throughfile: (path) => symlinkSync("file/x", path),
  fifo: (path) => execFileSync("mkfifo", [path]),
  tofifo: (path) => {
    execFileSync("mkfifo", [`${path}.fifo`]);
    symlinkSync("tofifo.fifo", path);
  },
  device: (path) => symlinkSync("/dev/null", path),
  socket: (path) => {
    const socket = createServer();
    sockets.add(socket);
    return new Promise((resolve) => socket.listen(path, () => resolve(undefined)));
  },
};

describe.concurrent("what is no file and is excluded makes no warning", () => {
  it.each(Object.keys(MADE))("%s", async (name) => {
    const place = world.place({ file: "1" });
    mkdirSync(`${place}/d`);
    await MADE[name]?.(`${place}/${name}`);
    const bucket = world.bucket();
    for (const verb of [
      ["cp", ".", `s3://${bucket}/cp`, "--recursive"],
      ["sync", ".", `s3://${bucket}/sync`],
    ]) {
      const run = (...filters: string[]) => world.run([...verb, ...filters], { cwd: place });
      const warned = await run();
      expect(warned.code).toBe(2);
      expect(warned.stderr).toContain(`warning: Skipping file ${place}/${name}. File `);
      for (const filters of [
        ["--exclude", `${name}*`],
        ["--exclude", "*", "--include", "file"],
      ])
        expect(await run(...filters)).toMatchObject({ code: 0, stderr: "" });
    }
    expect(objectsOf(world, bucket)).toEqual({ "cp/file": "1", "sync/file": "1" });
  });

  it("not by its very name either, though a link that cannot be followed may be a folder", async () => {
    const place = world.place({ file: "1" });
    MADE.loop?.(`${place}/loop`);
    const bucket = world.bucket({ "loop/a": "x", gone: "x" });
    const args = ["sync", ".", `s3://${bucket}`, "--exclude", "loop"];
    expect(await world.run(args, { cwd: place })).toMatchObject({ code: 0, stderr: "" });
    const deleting = await world.run([...args, "--delete"], { cwd: place });
    expect(deleting).toMatchObject({
      code: 2,
      stderr: `warning: Nothing was deleted, because the folder ${place}/loop could not be read.\n`,
    });
    expect(objectsOf(world, bucket)).toEqual({ "loop/a": "x", file: "1", gone: "x" });
  });

  it("nor is a single one looked at", async () => {
    const place = world.place();
    const bucket = world.bucket();
    for (const name of ["fifo", "socket", "device"]) {
      await MADE[name]?.(`${place}/${name}`);
      const args = ["cp", name, `s3://${bucket}/`];
      expect((await world.run(args, { cwd: place })).code).toBe(2);
      const excluded = await world.run([...args, "--exclude", "*"], { cwd: place });
      expect(excluded).toMatchObject({ code: 0, stderr: "" });
    }
    expect(objectsOf(world, bucket)).toEqual({});
  });
});
