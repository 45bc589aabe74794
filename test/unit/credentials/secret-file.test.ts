import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import {
  FILE_LIMIT,
  isAbsent,
  secretText,
  withoutMark,
} from "../../../src/credentials/profiles-elsewhere.js";
import { isThere, readSecret, readSmallFile } from "../../../src/credentials/secret-file.js";
import { secretState } from "../../../src/credentials/what-lies-there.js";
import { openBelow } from "../../support/open-below.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

let count = 0;
function file(text: string | Buffer): string {
  const path = folder.at(`file-${++count}`);
  writeFileSync(path, text);
  return path;
}

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
    expect(openBelow(path)).toEqual([]);
    expect(() => readSmallFile(path, 4)).toThrow();
    expect(openBelow(path)).toEqual([]);
    expect(() => readSmallFile(folder.path)).toThrow(expect.objectContaining({ code: "EISDIR" }));
    expect(openBelow(folder.path)).toEqual([]);
    const held = openSync(path, "r");
    expect(openBelow(path)).toHaveLength(1);
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
    expect(secretState("/dev", "null")).toBe("there");
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
    // What stands within a text is no mark.
    expect(withoutMark("\ufeffa\ufeffb")).toBe("a\ufeffb");
    expect(withoutMark("a\ufeffb")).toBe("a\ufeffb");
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
