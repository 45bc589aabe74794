import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { expect, it, vi } from "vitest";
import { foldsNames, RespeltFiles } from "../../../../src/s3/plan/folding.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

/** A file system that takes names in any case for one, as those of macOS and Windows do. */
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const there = (path: string): string => {
    if (fs.existsSync(path) || path === "/") return path;
    const folder = there(dirname(path));
    const asked = basename(path).toLowerCase();
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return `${folder}/${names.find((name) => name.toLowerCase() === asked) ?? basename(path)}`;
  };
  const lstatSync = (path: string, options: object) => fs.lstatSync(there(path), options);
  return { ...fs, lstatSync, readdirSync: vi.fn((path: string) => fs.readdirSync(there(path))) };
});

it("finds a file by another spelling of its name, or of a folder on its way, and only so", () => {
  using folder = temporaryFolder();
  mkdirSync(folder.at("d"));
  for (const name of ["Name", "d/One", "d/2"]) writeFileSync(folder.at(name), "");
  expect(foldsNames(folder.path, "case")).toBe(true);
  const asked = ["Name", "name", "missing", "d/One", "d/one", "D/One", "D/2", "d/2", "d/missing"];
  const files = new RespeltFiles(folder.path);
  expect(asked.filter((name) => files.has(name))).toEqual(["name", "d/one", "D/One", "D/2"]);
});

it("reads each folder of the path that was asked for last once", () => {
  using folder = temporaryFolder();
  for (const name of ["d", "e"]) mkdirSync(folder.at(name));
  for (const name of ["d/1", "d/2", "e/1"]) writeFileSync(folder.at(name), "");
  const files = new RespeltFiles(folder.path);
  const read = (name: string) => {
    vi.mocked(readdirSync).mockClear();
    files.has(name);
    return vi.mocked(readdirSync).mock.calls.map(([path]) => path);
  };
  expect(read("d/1")).toEqual([folder.path, folder.at("d")]);
  expect(read("d/2")).toEqual([]);
  expect(read("e/1")).toEqual([folder.at("e")]);
  expect(read("d/1")).toEqual([folder.at("d")]);
});
