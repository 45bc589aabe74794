import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { ProcessContext } from "../../../../src/process-context.js";
import { isTemporaryName, TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
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
