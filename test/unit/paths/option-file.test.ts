import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { readOptionFile } from "../../../src/paths/option-file.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

function fifo(name: string): string {
  execFileSync("mkfifo", [folder.at(name)]);
  return folder.at(name);
}

describe("a file that an option names", () => {
  it("is read whole", () => {
    const bytes = Buffer.alloc(200_000, "x");
    writeFileSync(folder.at("file"), bytes);
    expect(readOptionFile(folder.at("file")).equals(bytes)).toBe(true);
    writeFileSync(folder.at("empty"), "");
    expect(readOptionFile(folder.at("empty"))).toHaveLength(0);
    expect(readOptionFile("/dev/null")).toHaveLength(0);
  });

  it("may be a fifo, whose writer writes more than it holds, piece by piece", async () => {
    const path = fifo("fifo");
    // Both writes are the shell's own, so that nothing has to be started while the reader waits.
    const writer = spawn("sh", ["-c", `echo up; { printf %0150000d 0; printf end; } > '${path}'`]);
    await once(writer.stdout, "data");
    const read = readOptionFile(path);
    expect({ length: read.length, end: read.subarray(-3).toString() }).toEqual({
      length: 150_003,
      end: "end",
    });
    writer.kill();
  });

  it("is waited for a second at most", () => {
    const start = Date.now();
    expect(() => readOptionFile(fifo("silent"))).toThrow("nothing came within 1 s");
    expect(Date.now() - start).toBeGreaterThan(900);
  });

  it.each([
    ["/dev/zero", "larger than 16 MiB"],
    ["/no/such/file", "ENOENT"],
    ["/", "EISDIR"],
  ])("%s is refused: %s", (path, why) => {
    expect(() => readOptionFile(path)).toThrow(why);
  });
});
