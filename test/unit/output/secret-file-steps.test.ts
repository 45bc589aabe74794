import { constants, openSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { writeSecretFile } from "../../../src/output/secret-file.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return { ...fs, openSync: vi.fn(fs.openSync), renameSync: vi.fn(fs.renameSync) };
});

const folder = temporaryFolder();
afterAll(() => folder.remove());
beforeEach(() => {
  vi.mocked(openSync).mockClear();
});
const writer = { uid: process.getuid?.(), random: Math.random, scriptPath: "" };

it("a secret's file is made with mode 0600: who opens it before a byte is there must not read on", () => {
  const path = folder.at("keys");
  writeSecretFile(path, "secret", writer);
  const made = vi.mocked(openSync).mock.calls.filter(([, flags]) => Number(flags) & constants.O_CREAT);
  expect(made.map(([, flags, mode]) => [Number(flags) & constants.O_EXCL, mode])).toEqual([
    [constants.O_EXCL, 0o600],
  ]);
  expect(readFileSync(path, "utf8")).toBe("secret");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("a rename that fails leaves the old file, and no temporary one", () => {
  const path = folder.at("old");
  writeFileSync(path, "old");
  const before = readdirSync(folder.path);
  vi.mocked(renameSync).mockImplementationOnce((temporary) => {
    expect(readFileSync(temporary, "utf8")).toBe("secret");
    throw Object.assign(new Error("EIO"), { code: "EIO" });
  });
  expect(() => writeSecretFile(path, "secret", writer)).toThrow(
    expect.objectContaining({ id: "output-unwritable" }),
  );
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder.path)).toEqual(before);
});
