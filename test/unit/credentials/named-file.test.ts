import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readdirSync, readlinkSync, writeFileSync, writeSync } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { readNamedFile } from "../../../src/credentials/named-file.js";
import { openBelow } from "../../support/open-below.js";
import { temporaryFolder } from "../../support/temporary-folder.js";
import { until } from "../../support/until.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

let count = 0;
function file(text: string): string {
  const path = folder.at(`file-${++count}`);
  writeFileSync(path, text);
  return path;
}

/** What somebody types; undefined: there is no terminal. */
let typed: string[] | undefined;

vi.mock("node:tty", () => ({
  isatty: () => typed !== undefined,
  ReadStream: class {
    constructor(descriptor: number) {
      const lines = (typed ?? []).map((line) => Buffer.from(line));
      // biome-ignore lint/correctness/noConstructorReturn: a stream in place of a terminal's
      return Readable.from(lines).once("close", () => closeSync(descriptor));
    }
  },
}));

describe("a file that the user names", () => {
  it("is read to its limit, refused beyond it, and closed", async () => {
    const path = file("x".repeat(1024));
    expect(await readNamedFile(path, 1024)).toHaveLength(1024);
    expect(openBelow(path)).toEqual([]);
    await expect(readNamedFile(file("x".repeat(1025)), 1024)).rejects.toThrow("it is larger than 1 KiB");
    expect(await readNamedFile("/dev/null", 1024)).toBe("");
    await expect(readNamedFile("/dev/zero", 1024)).rejects.toThrow("it is larger than 1 KiB");
  });

  /** A fifo that is given these bytes, and what is read of it. */
  function ofFifo(bytes: number) {
    const path = folder.at(`fifo-${++count}`);
    execFileSync("mkfifo", [path]);
    const writer = openSync(path, constants.O_RDWR);
    writeSync(writer, "x".repeat(bytes));
    const reading = readNamedFile(path, 1024);
    closeSync(writer);
    return { path, reading };
  }

  it("may be a fifo, of the same size", async () => {
    const read = ofFifo(1024);
    expect(await read.reading).toHaveLength(1024);
    const refused = ofFifo(1025);
    await expect(refused.reading).rejects.toThrow("it is larger than 1 KiB");
    await until(() => [read, refused].every(({ path }) => openBelow(path).length === 0));
  });

  it("may be a terminal, which is waited for as a fifo is", async () => {
    onTestFinished(() => {
      typed = undefined;
    });
    typed = ["first ", "second\n"];
    expect(await readNamedFile("/dev/null", 1024)).toBe("first second\n");
    typed = ["x".repeat(1000), "x".repeat(25)];
    await expect(readNamedFile("/dev/null", 1024)).rejects.toThrow("it is larger than 1 KiB");
  });

  it("is none of Node's own descriptors", async () => {
    const own = readdirSync("/proc/self/fd").find((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`) === "anon_inode:[eventpoll]";
      } catch {
        return false;
      }
    });
    await expect(readNamedFile(`/dev/fd/${own}`, 1024)).rejects.toMatchObject({ code: "EBADF" });
  });
});
