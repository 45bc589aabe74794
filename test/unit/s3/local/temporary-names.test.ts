import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { ProcessContext } from "../../../../src/process-context.js";
import {
  isTemporaryName,
  openFoldersClosed,
  TemporaryNames,
} from "../../../../src/s3/local/temporary-names.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const names = () => new TemporaryNames(new ProcessContext());

/** The name that a process with another id would have given. */
function nameOf(pid: number, target: string): string {
  const name = names().beside(target);
  return name.replace(`.${process.pid.toString(36)}_`, `.${pid.toString(36)}_`);
}

describe("TemporaryNames", () => {
  it("gives names beside the target that are known as ours", () => {
    using folder = temporaryFolder();
    const own = names();
    const first = own.beside(folder.at("a.txt"));
    const second = own.beside(folder.at("a.txt"));
    expect(first).not.toBe(second);
    for (const name of [first, second]) {
      expect(name.startsWith(folder.at(".a.txt."))).toBe(true);
      expect(isTemporaryName(basename(name))).toBe(true);
    }
    expect(isTemporaryName(".a.txt.fetch-creds")).toBe(false);
    expect(isTemporaryName("a.txt")).toBe(false);
  });

  it.each(["x".repeat(255), "ü".repeat(127), "😀".repeat(63)])("fits a name of 255 bytes: %s", (name) => {
    using folder = temporaryFolder();
    const temporary = names().beside(folder.at(name));
    expect(Buffer.byteLength(basename(temporary))).toBeLessThanOrEqual(255);
    expect(basename(temporary)).not.toContain("\ufffd");
    writeFileSync(temporary, "");
  });

  it("removes what a killed run left, and nothing else", async () => {
    using folder = temporaryFolder();
    const living = spawn("sleep", ["60"]);
    const dead = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
    const keep = [
      nameOf(living.pid as number, folder.at("living")),
      names().beside(folder.at("this-process")),
      folder.at(".other.fetch-creds"),
      nameOf(dead, folder.at("elsewhere")).replace(/_[0-9a-f]{6}_/, "_000000_"),
    ];
    const leftover = [nameOf(dead, folder.at("a")), nameOf(dead, folder.at("b"))];
    const old = nameOf(dead, folder.at("long-ago")).replace(/_[0-9a-f]{6}_/, "_000000_");
    for (const path of [...keep, ...leftover, old]) writeFileSync(path, "");
    utimesSync(old, 1, 1);
    names().beside(folder.at("a"));
    living.kill();
    await once(living, "exit");
    for (const path of leftover) expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder.path).sort()).toEqual(keep.map((path) => basename(path)).sort());
  });
});

describe("names, and what they tell", () => {
  /** As one run of a process gives them; nothing is random. */
  function run(more: { pid?: number; now?: number; random?: number; running?: readonly number[] } = {}) {
    const { pid = 46_655, now = Date.now(), random = 0, running = [] } = more;
    return new TemporaryNames({
      pid,
      now: () => now,
      random: () => random,
      isRunning: (other) => running.includes(other),
    });
  }
  const homeOf = (name: string) => /_([0-9a-f]{6})_/.exec(name)?.[1] ?? "";

  it("are made of the process, where it runs, its run and a count, with what nobody can guess", () => {
    using folder = temporaryFolder();
    const least = run();
    const first = least.beside(folder.at("a"));
    expect(basename(first)).toBe(`.a.zzz_${homeOf(first)}_0_0000000.fetch-creds`);
    expect(basename(least.beside(folder.at("b")))).toBe(`.b.zzz_${homeOf(first)}_0_1000000.fetch-creds`);
    const most = run({ random: 1 - Number.EPSILON }).beside(folder.at("a"));
    expect(basename(most)).toBe(`.a.zzz_${homeOf(first)}_zzzzzz_0zzzzzz.fetch-creds`);
  });

  it("say by a hash which machine and container they come from", () => {
    using folder = temporaryFolder();
    const where = `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
    const hash = createHash("sha256").update(where).digest("hex");
    expect(homeOf(run().beside(folder.at("a")))).toBe(hash.slice(0, 6));
  });

  it.each([
    ["a".repeat(300), 255],
    ["\u00fc".repeat(150), 254],
    ["\u{1f600}".repeat(75), 252],
  ])("take all the room that a name has, and cut no character: %s", (name, bytes) => {
    using folder = temporaryFolder();
    const length = Buffer.byteLength(basename(run().beside(folder.at(name))));
    expect(length).toBeLessThanOrEqual(255);
    expect(length).toBeGreaterThanOrEqual(bytes);
  });

  it.each([
    [".a.zzz_0a1b2c_0_0000000.fetch-creds", true],
    [".a\nb.zzz_0a1b2c_0_0000000.fetch-creds", true],
    ["..zzz_0a1b2c_0_0000000.fetch-creds", true],
    ["a.zzz_0a1b2c_0_0000000.fetch-creds", false],
    ["a.b.zzz_0a1b2c_0_0000000.fetch-creds", false],
    [".a.zzz_0a1b2c_0.fetch-creds", false],
    [".a.zzz_0a1b2c_0_0000000.fetch-creds.txt", false],
    [".a.ZZZ_0a1b2c_0_0000000.fetch-creds", false],
    ["", false],
  ])("%j is ours: %s", (name, isOurs) => {
    expect(isTemporaryName(name)).toBe(isOurs);
  });

  /** What is left of these names when another run begins in their folder. */
  function left(given: readonly string[], cleared: Parameters<typeof run>[0]) {
    using folder = temporaryFolder();
    for (const name of given) {
      writeFileSync(folder.at(name), "");
      utimesSync(folder.at(name), 1000, 1000);
    }
    run(cleared).beside(folder.at("target"));
    return readdirSync(folder.path);
  }

  it("what a process left that has ended is removed; what one makes that runs stays", () => {
    using folder = temporaryFolder();
    const name = basename(run({ pid: 35 }).beside(folder.at("a")));
    expect(left([name], { pid: 36 })).toEqual([]);
    // In the order of their names, and in any.
    expect(left(["+before", name, "after"], { pid: 36 }).toSorted()).toEqual(["+before", "after"]);
    expect(left([name], { pid: 36, running: [35] })).toEqual([name]);
    // In base 36: 35 is z.
    expect(left([name], { pid: 36, running: [19] })).toEqual([]);
  });

  it("what another run of the same number left is removed; what a run of this process makes stays", () => {
    using folder = temporaryFolder();
    const own = basename(run({ random: 0.5 }).beside(folder.at("a")));
    const other = own.replace(/_[0-9a-z]+_([0-9a-z]+)\.fetch-creds$/, "_notours_$1.fetch-creds");
    expect(other).not.toBe(own);
    // That it runs is no reason: it is this process.
    expect(left([own, other], { running: [46_655] })).toEqual([own]);
  });

  it.each([
    [86_400_000 - 1, true],
    [86_400_000, true],
    [86_400_000 + 1, false],
  ])("what comes from another machine stays for a day: after %d ms %s", (age, stays) => {
    const name = ".a.zzz_zzzzzz_0_0000000.fetch-creds";
    expect(left([name], { now: 1_000_000 + age, running: [46_655] })).toEqual(stays ? [name] : []);
  });

  it("what only looks like it stays, be it as old as it may", () => {
    const names = [
      "a.zzz_zzzzzz_0_0000000.fetch-creds",
      ".fetch-creds",
      ".a.zzz_zzzzzz_0_0000000.fetch-creds.txt",
    ];
    expect(left(names, { now: 1e15 })).toEqual(names.toSorted());
  });

  it("a folder is looked through once, and again when open folders were closed", () => {
    using folder = temporaryFolder();
    const leftover = ".a.zzz_zzzzzz_0_0000000.fetch-creds";
    const own = run({ now: 1e15 });
    const leave = () => writeFileSync(folder.at(leftover), "");
    leave();
    own.beside(folder.at("a"));
    expect(existsSync(folder.at(leftover))).toBe(false);
    leave();
    own.beside(folder.at("b"));
    expect(existsSync(folder.at(leftover))).toBe(true);
    openFoldersClosed();
    own.beside(folder.at("c"));
    expect(existsSync(folder.at(leftover))).toBe(false);
    leave();
    own.beside(folder.at("d"));
    expect(existsSync(folder.at(leftover))).toBe(true);
    mkdirSync(folder.at("in"));
    writeFileSync(folder.at("in", leftover), "");
    own.beside(folder.at("in", "a"));
    expect(existsSync(folder.at("in", leftover))).toBe(false);
  });

  it("a folder that cannot be read is the business of the transfer", () => {
    using folder = temporaryFolder();
    expect(basename(run().beside(folder.at("none", "a")))).toMatch(/^\.a\./);
    // Nor is a folder removed that has such a name.
    mkdirSync(folder.at(".a.zzz_zzzzzz_0_0000000.fetch-creds"));
    run({ now: 1e15 }).beside(folder.at("b"));
    expect(readdirSync(folder.path)).toHaveLength(1);
  });
});
