import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openInlet, openOutlet } from "../../../../src/s3/local/stream-files.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

/** Both ends of a fifo. */
function fifo(path: string): { reader: number; writer: number } {
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, constants.O_WRONLY) };
}

describe("a pipe", () => {
  it("takes more than it holds, as its reader takes it", async () => {
    using folder = temporaryFolder();
    const { reader, writer } = fifo(folder.at("p"));
    const outlet = openOutlet(writer);
    const inlet = openInlet(reader);
    const data = Buffer.alloc(3_000_000, "abc");
    const got = Buffer.alloc(data.length + 10);
    const filled = inlet.fill(got);
    for (let from = 0; from < data.length; from += 1_000_000)
      await outlet.write(data.subarray(from, from + 1_000_000));
    outlet.close();
    closeSync(writer);
    expect(await filled).toBe(data.length);
    expect(got.subarray(0, data.length).equals(data)).toBe(true);
    inlet.close();
    closeSync(reader);
  });

  it("whose reader went away says so", async () => {
    using folder = temporaryFolder();
    const { reader, writer } = fifo(folder.at("p"));
    const outlet = openOutlet(writer);
    closeSync(reader);
    await expect(outlet.write(Buffer.from("x"))).rejects.toMatchObject({ id: "output-closed" });
    outlet.close();
    closeSync(writer);
  });

  it("that is full does not keep the process from ending", async () => {
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "-e",
        `import("${new URL("../../../../src/s3/local/stream-files.ts", import.meta.url)}").then(({ openOutlet, openInlet }) => {
        openInlet(0).fill(Buffer.alloc(10));
        openOutlet(1).write(Buffer.alloc(1e6));
        setTimeout(() => process.exit(7), 50);
      })`,
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(7);
  });
});
