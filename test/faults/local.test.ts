import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import type { RunResult } from "../support/run-built.js";
import { type Bed, expectOneClearLine, makeBed, patterned } from "./bed.js";

const SMALL = patterned(100_000);
const LARGE = patterned(3 * 1024 ** 2);

const IS_ROOT = process.getuid?.() === 0;

/** A mount namespace of one's own needs root, or unprivileged user namespaces. */
function canMount(): boolean {
  try {
    execFileSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const MOUNTS = canMount();

/** Runs a shell script with the built file as `$FILE`, with keys and endpoint in its environment. */
function shell(bed: Bed, script: string, command: readonly string[] = ["sh", "-c"]): Promise<RunResult> {
  const [program = "sh", ...args] = [...command, script];
  const child = spawn(program, args, {
    cwd: bed.folder.path,
    env: {
      PATH: process.env.PATH,
      NODE: process.execPath,
      FILE: BUILT_FILE,
      AWS_ENDPOINT_URL: bed.faults.url,
      ...bed.server.env,
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const stdoutBytes = Buffer.concat(out);
      const stdout = stdoutBytes.toString();
      resolve({ code, signal, stdout, stdoutBytes, stderr: Buffer.concat(err).toString(), timedOut: false });
    });
  });
}

const inMounts = (bed: Bed, script: string) => shell(bed, script, ["unshare", "-rm", "sh", "-c"]);

const CP = '"$NODE" "$FILE" cp --no-progress';

describe("a disk", () => {
  it.skipIf(!MOUNTS)("that is full leaves the old file and nothing else", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", LARGE);
    mkdirSync(bed.folder.at("disk"));
    const result = await inMounts(
      bed,
      `mount -t tmpfs -o size=1m none disk && echo old > disk/target && ${CP} s3://b/k disk/target; code=$?; ls -A disk; cat disk/target; exit $code`,
    );
    expectOneClearLine(result, /disk is full|ENOSPC/);
    expect(result.code).toBe(1);
    expect(result.stdout).toBe("target\nold\n");
  });

  it.skipIf(!MOUNTS)("that fills up in the middle of a recursive copy keeps whole files only", async () => {
    await using bed = await makeBed("http");
    for (let number = 0; number < 20; number += 1) bed.server.put("b", `p/${number}`, SMALL);
    mkdirSync(bed.folder.at("disk"));
    const result = await inMounts(
      bed,
      `mount -t tmpfs -o size=1m none disk && ${CP} s3://b/p disk --recursive --only-show-errors; code=$?; find disk -type f -size -97k -o -name '.*.fetch-creds'; ls disk | wc -l; exit $code`,
    );
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^download failed: .*(disk is full|ENOSPC)/);
    // Nothing but whole ones: at most ten of 100 kB have room.
    expect(Number(result.stdout)).toBeGreaterThan(0);
    expect(Number(result.stdout)).toBeLessThan(11);
  });

  it.skipIf(!MOUNTS)("that is read-only is named", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL);
    mkdirSync(bed.folder.at("disk"));
    const result = await inMounts(bed, `mount -t tmpfs -o ro none disk && ${CP} s3://b/k disk/target`);
    expectOneClearLine(result, /read-only|EROFS/);
    expect(result.code).toBe(1);
  });

  it.skipIf(!existsSync("/dev/full"))("that takes nothing at all ends a stream", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL);
    const result = await shell(bed, `${CP} s3://b/k - > /dev/full`);
    expectOneClearLine(result, /disk is full|ENOSPC/);
    expect(result.code).toBe(1);
  });
});

describe("a folder", () => {
  it.skipIf(!IS_ROOT)("without the right to write is named to a user who is not root", async () => {
    await using bed = await makeBed("http");
    bed.server.put("b", "k", SMALL);
    mkdirSync(bed.folder.at("theirs"), { mode: 0o755 });
    chmodSync(bed.folder.path, 0o755);
    const result = await bed.run(["cp", "s3://b/k", "theirs/target"], {}, { uid: 65534, gid: 65534 });
    expectOneClearLine(result, /permission denied|EACCES/);
    expect(result.code).toBe(1);
    expect(readdirSync(bed.folder.at("theirs"))).toEqual([]);
  });
});

/** Devices, fifos, links and long names need no disk of their own: test/e2e/s3. */
describe("a target", () => {
  it("gets the mode of the umask, and the object's time", async () => {
    await using bed = await makeBed("http");
    const lastModified = Date.parse("2025-02-03T04:05:06Z");
    bed.server.put("b", "k", SMALL, { lastModified });
    const result = await shell(bed, `umask 027; ${CP} s3://b/k target`);
    expect(result.code).toBe(0);
    const { mode, mtimeMs } = statSync(bed.folder.at("target"));
    expect(mode & 0o777).toBe(0o640);
    expect(mtimeMs).toBe(lastModified);
    expect(readFileSync(bed.folder.at("target")).length).toBe(SMALL.length);
  });
});
