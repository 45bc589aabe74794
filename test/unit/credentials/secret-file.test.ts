import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { readNamedFile } from "../../../src/credentials/named-file.js";
import { FILE_LIMIT, isAbsent, secretText } from "../../../src/credentials/profiles-elsewhere.js";
import { isThere, readSecret, readSmallFile } from "../../../src/credentials/secret-file.js";
import { secretState } from "../../../src/credentials/what-lies-there.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

let count = 0;
function file(text: string | Buffer): string {
  const path = folder.at(`file-${++count}`);
  writeFileSync(path, text);
  return path;
}

/** The descriptors of this process that are open at a path. */
const openAt = (path: string) =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });

const LIMIT = 64 * 1024;

describe("a small file", () => {
  it("is read to its limit, and refused beyond it", () => {
    for (const size of [LIMIT - 1, LIMIT]) expect(readSmallFile(file("x".repeat(size)))).toHaveLength(size);
    expect(() => readSmallFile(file("x".repeat(LIMIT + 1)))).toThrow("it is larger than 64 KiB");
    expect(readSmallFile(file("1234"), 4)).toBe("1234");
    expect(() => readSmallFile(file("x".repeat(2049)), 2048)).toThrow("it is larger than 2 KiB");
  });

  it("is closed, read or refused", () => {
    const path = file("12345");
    readSmallFile(path);
    expect(openAt(path)).toEqual([]);
    expect(() => readSmallFile(path, 4)).toThrow();
    expect(openAt(path)).toEqual([]);
    expect(() => readSmallFile(folder.path)).toThrow(expect.objectContaining({ code: "EISDIR" }));
    expect(openAt(folder.path)).toEqual([]);
    const held = openSync(path, "r");
    expect(openAt(path)).toHaveLength(1);
    closeSync(held);
  });

  it("is none where a device lies", () => {
    expect(() => readSmallFile("/dev/null")).toThrow("it is not a regular file");
  });
});

describe("a secret", () => {
  const loop = () => {
    const path = folder.at(`loop-${++count}`);
    symlinkSync(path, path);
    return path;
  };

  it("lies there, be it of use or not", () => {
    expect(isThere(file("x"))).toBe(true);
    expect(isThere(folder.path)).toBe(true);
    expect(isThere(loop())).toBe(true);
    expect(isThere(folder.at("n".repeat(300)))).toBe(true);
    expect(isThere(folder.at("no-such-file"))).toBe(false);
    expect(isThere(`${file("x")}/below`)).toBe(false);
  });

  it("that cannot be read is an error, not absent", () => {
    const name = loop().slice(folder.path.length + 1);
    expect(() => readSecret(folder.path, name)).toThrow(
      expect.objectContaining({ id: "secret-unreadable", exitCode: 253 }),
    );
    expect(secretState(folder.path, name)).toBe("there");
  });

  it.each([
    ["value\n", "value"],
    ["value\r\n", "value"],
    ["value\n\n", "value\n"],
    [" value ", " value "],
    ["\n", undefined],
    ["", undefined],
  ])("of %j is %j", (text, value) => {
    const name = file(text).slice(folder.path.length + 1);
    expect(readSecret(folder.path, name)).toBe(value);
  });

  it("is empty, there or absent", () => {
    const state = (text: string) => secretState(folder.path, file(text).slice(folder.path.length + 1));
    expect([state(""), state("\r\n"), state("abc")]).toEqual(["empty", "empty", "there"]);
    mkdirSync(folder.at("of-folder"));
    expect(secretState(folder.path, "of-folder")).toBe("there");
    expect(secretState(folder.path, "no-such-secret")).toBe("absent");
  });

  it("with a file of keys may have a mebibyte", () => {
    const secretsFolder = folder.at("keys");
    mkdirSync(secretsFolder);
    writeFileSync(`${secretsFolder}/aws-credentials`, `\ufeff${"x".repeat(1024 * 1024 - 3)}`);
    expect(secretText({ secretsFolder })).toMatch(/^x/);
    writeFileSync(`${secretsFolder}/aws-credentials`, "x".repeat(1024 * 1024 + 1));
    expect(() => secretText({ secretsFolder })).toThrow(/it is larger than 1024 KiB/);
    expect(FILE_LIMIT).toBe(1024 * 1024);
  });

  it("may be absent where a file is named: no file, or an empty one", () => {
    expect([folder.at("no-such-file"), file("")].map(isAbsent)).toEqual([true, true]);
    expect([file("\n"), "/dev/null", folder.path, loop()].map(isAbsent)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("a file that the user names", () => {
  it("is read to its limit, refused beyond it, and closed", async () => {
    const path = file("x".repeat(1024));
    expect(await readNamedFile(path, 1024)).toHaveLength(1024);
    expect(openAt(path)).toEqual([]);
    await expect(readNamedFile(file("x".repeat(1025)), 1024)).rejects.toThrow("it is larger than 1 KiB");
    expect(await readNamedFile("/dev/null", 1024)).toBe("");
    await expect(readNamedFile("/dev/zero", 1024)).rejects.toThrow("it is larger than 1 KiB");
  });

  /** What is read of a fifo that is given these bytes. */
  async function ofFifo(bytes: number): Promise<string> {
    const path = folder.at(`fifo-${++count}`);
    execFileSync("mkfifo", [path]);
    const writer = openSync(path, constants.O_RDWR);
    writeSync(writer, "x".repeat(bytes));
    const reading = readNamedFile(path, 1024);
    closeSync(writer);
    return reading;
  }

  it("may be a fifo, of the same size", async () => {
    expect(await ofFifo(1024)).toHaveLength(1024);
    await expect(ofFifo(1025)).rejects.toThrow("it is larger than 1 KiB");
  });
});
