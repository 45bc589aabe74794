import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
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

describe("a regular file", () => {
  it("is written from where it stands, whatever came before, and stays open", async () => {
    using folder = temporaryFolder();
    const fd = openSync(folder.at("x"), "w");
    writeSync(fd, "a");
    const outlet = openOutlet(fd);
    await outlet.write(Buffer.from("bc"));
    await outlet.write(Buffer.alloc(0));
    await outlet.write(Buffer.from("d"));
    outlet.close();
    writeSync(fd, "e");
    closeSync(fd);
    expect(readFileSync(folder.at("x"), "utf8")).toBe("abcde");
  });

  it("is read from where it stands, to its end", async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("x"), "abcde");
    const fd = openSync(folder.at("x"), "r");
    readSync(fd, Buffer.alloc(1));
    const inlet = openInlet(fd);
    const buffer = Buffer.alloc(3, ".");
    expect([await inlet.fill(buffer), buffer.toString()]).toEqual([3, "bcd"]);
    expect([await inlet.fill(buffer), buffer.toString()]).toEqual([1, "ecd"]);
    expect(await inlet.fill(buffer)).toBe(0);
    inlet.close();
    closeSync(fd);
  });

  it("that may not be written or read is a failure in words", async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("x"), "abcde");
    const reading = openSync(folder.at("x"), "r");
    await expect(openOutlet(reading).write(Buffer.from("x"))).rejects.toThrow(/^Cannot write the output: /);
    const ofFolder = openSync(folder.path, "r");
    await expect(openInlet(ofFolder).fill(Buffer.alloc(1))).rejects.toThrow(
      /^Cannot read the input: it is a folder/,
    );
    closeSync(reading);
    closeSync(ofFolder);
  });
});

describe("a pipe that is read", () => {
  it("gives what fills the buffer, then the rest, then nothing", async () => {
    using folder = temporaryFolder();
    const { reader, writer } = fifo(folder.at("p"));
    const inlet = openInlet(reader);
    writeSync(writer, "abcde");
    const buffer = Buffer.alloc(3, ".");
    expect([await inlet.fill(buffer), buffer.toString()]).toEqual([3, "abc"]);
    const rest = inlet.fill(buffer);
    closeSync(writer);
    expect([await rest, buffer.toString()]).toEqual([2, "dec"]);
    expect(await inlet.fill(buffer)).toBe(0);
    inlet.close();
    closeSync(reader);
  });

  it("leaves the descriptor to its caller, as it was: without O_NONBLOCK where it had none", async () => {
    using folder = temporaryFolder();
    const { reader, writer } = fifo(folder.at("p"));
    const flagsOf = (fd: number) =>
      readFileSync(`/proc/self/fdinfo/${fd}`, "latin1").match(/flags:\s*(\d+)/)?.[1];
    const before = [flagsOf(reader), flagsOf(writer)];
    const [outlet, inlet] = [openOutlet(writer), openInlet(reader)];
    expect([flagsOf(reader), flagsOf(writer)]).toEqual(before);
    outlet.close();
    inlet.close();
    writeSync(writer, "x");
    closeSync(reader);
    closeSync(writer);
  });
});
