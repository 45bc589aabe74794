import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { type Bed, makeBed, patterned, WAYS } from "./bed.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

const CONTENT = patterned(3_000);

/** Few as the descriptors are, Node itself takes some twenty of them. */
const LIMITS = [64, 40];

/** A Node with so many descriptors: it raises its soft limit to the hard one, so that both are set. */
function nodeWith(bed: Bed, limit: number): string {
  const path = bed.folder.at(`node-${limit}`);
  writeFileSync(path, `#!/bin/sh\nulimit -n ${limit} || exit 99\nexec "${NODE}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Trees that have been too much for some way of keeping things open. */
const TREES: Readonly<Record<string, readonly string[]>> = {
  "60 folders of 3 files": range(60).flatMap((folder) => range(3).map((file) => `d${folder}/f${file}`)),
  "2,000 files of one folder": range(2_000).map((file) => `f${file}`),
  "a folder 60 levels deep": range(60).map((depth) => `${"d/".repeat(depth)}f`),
};

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function lay(root: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    writeFileSync(`${root}/${name}`, CONTENT);
  }
}

function filesBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length + 1));
}

const sorted = (names: readonly string[]) => [...names].sort();

describe.each(WAYS)("over %s", (way) => {
  it.each(Object.entries(TREES))("%s goes up and comes down whatever the limit", async (_, names) => {
    await using bed = await makeBed(way);
    const out = bed.folder.at("out");
    lay(bed.folder.at("tree"), names);
    for (const limit of LIMITS) {
      const node = nodeWith(bed, limit);
      const up = await bed.run(["cp", "tree", `s3://b/t${limit}`, "--recursive", "--quiet"], {}, { node });
      expect({ limit, code: up.code, stderr: up.stderr }).toEqual({ limit, code: 0, stderr: "" });
      const keys = bed.server.bucket("b").keys();
      expect(keys.filter((key) => key.startsWith(`t${limit}/`))).toHaveLength(names.length);
      const into = `${out}-${limit}`;
      const down = await bed.run(["cp", `s3://b/t${limit}`, into, "--recursive", "--quiet"], {}, { node });
      expect({ limit, code: down.code, stderr: down.stderr }).toEqual({ limit, code: 0, stderr: "" });
      expect(sorted(filesBelow(into))).toEqual(sorted(names));
      for (const name of names.slice(0, 50))
        expect(readFileSync(`${into}/${name}`).equals(CONTENT)).toBe(true);
    }
  });
});

it.each(LIMITS)("a large file goes up, across and comes down with %i descriptors", async (limit) => {
  await using bed = await makeBed("http");
  const large = patterned(40 * 1024 ** 2);
  writeFileSync(bed.folder.at("large"), large);
  const node = nodeWith(bed, limit);
  for (const args of [
    ["cp", "large", "s3://b/large"],
    ["cp", "s3://b/large", "s3://b/copy"],
    ["cp", "s3://b/copy", "back"],
  ]) {
    const { code, stderr } = await bed.run([...args, "--quiet", "--concurrency", "200"], {}, { node });
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  }
  expect(readFileSync(bed.folder.at("back")).equals(large)).toBe(true);
});

it.each(LIMITS)("a tree goes from S3 to S3 and is synced with %i descriptors", async (limit) => {
  await using bed = await makeBed("http");
  const names = TREES["60 folders of 3 files"] ?? [];
  for (const name of names) bed.server.put("b", `t/${name}`, CONTENT);
  const node = nodeWith(bed, limit);
  for (const args of [
    ["cp", "s3://b/t", "s3://b/u", "--recursive"],
    ["sync", "s3://b/u", "tree", "--delete"],
    ["sync", "tree", "s3://b/v", "--delete"],
    ["sync", "s3://b/v", "s3://b/w", "--delete"],
    ["sync", "s3://b/w", "tree", "--delete"],
  ]) {
    const { code, stderr } = await bed.run([...args, "--quiet"], {}, { node });
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  }
  expect(sorted(filesBelow(bed.folder.at("tree")))).toEqual(sorted(names));
  const keys = bed.server.bucket("b").keys();
  for (const prefix of ["u/", "v/", "w/"])
    expect(keys.filter((key) => key.startsWith(prefix))).toHaveLength(names.length);
});

/** A preload whose calls now and then find no descriptor, as when another program has them all. */
function scarce(bed: Bed): { nodeOptions: readonly string[]; struck: () => number } {
  const shim = bed.folder.at("scarce.cjs");
  const log = bed.folder.at("scarce.log");
  writeFileSync(log, "");
  writeFileSync(
    shim,
    `const fs = require("node:fs");
     const net = require("node:net");
     const fail = (code, syscall) => {
       fs.appendFileSync(${JSON.stringify(log)}, syscall + "\\n");
       return Object.assign(new Error(code), { code, syscall });
     };
     const ours = /tree|out|proc.self.fd/;
     for (const name of ["openSync", "readdirSync"]) {
       const real = fs[name];
       let calls = 0;
       fs[name] = (path, ...rest) => {
         if (ours.test(String(path)) && calls++ % 40 < 8) throw fail(calls % 2 ? "EMFILE" : "ENFILE", name);
         return real(path, ...rest);
       };
     }
     const { connect } = net.Socket.prototype;
     let connects = 0;
     net.Socket.prototype.connect = function (...args) {
       const { port } = [args[0]].flat()[0];
       if (Number(port) !== ${Number(new URL(bed.faults.url).port)} || ++connects > 12) return connect.apply(this, args);
       process.nextTick(() => this.destroy(fail("EMFILE", "connect")));
       return this;
     };`,
  );
  return {
    nodeOptions: ["--require", shim],
    struck: () => readFileSync(log, "utf8").split("\n").length - 1,
  };
}

it("what finds no descriptor waits for one, in both directions", async () => {
  await using bed = await makeBed("http");
  const names = range(6).flatMap((folder) => range(3).map((file) => `d${folder}/f${file}`));
  lay(bed.folder.at("tree"), names);
  for (const args of [
    ["cp", "tree", "s3://b/t", "--recursive"],
    ["cp", "s3://b/t", "out", "--recursive"],
    ["sync", "s3://b/t", "out-2", "--delete"],
    ["sync", "tree", "s3://b/u", "--delete"],
    ["cp", "s3://b/t/d0/f0", "out-3"],
    ["cp", "tree/d0/f0", "s3://b/single"],
  ]) {
    const { nodeOptions, struck } = scarce(bed);
    const { code, stderr } = await bed.run([...args, "--quiet"], {}, { nodeOptions });
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
    expect(struck()).toBeGreaterThan(12);
  }
  for (const out of ["out", "out-2"]) expect(sorted(filesBelow(bed.folder.at(out)))).toEqual(sorted(names));
  expect(bed.server.bucket("b").keys()).toHaveLength(2 * names.length + 1);
});
