import { execFileSync } from "node:child_process";
import {
  chownSync,
  closeSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldFolders } from "../../../../src/s3/tree/held-folders.js";
import { openSource, openSourceBelow } from "../../../../src/s3/tree/source-file.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;
/** Whose the links of `plant` are; to another user they are foreign. */
const planter = uid || 12_345;
const STRANGER = 99_999;

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(folder.at("file"), "four");
  mkdirSync(folder.at("d"));
  symlinkSync("../file", folder.at("d", "link"));
  symlinkSync("d/link", folder.at("twice"));
  symlinkSync("loop", folder.at("loop"));
  symlinkSync("nowhere", folder.at("broken"));
  symlinkSync("d", folder.at("to-d"));
  execFileSync("mkfifo", [folder.at("fifo")]);
});
afterEach(() => folder.remove());

function plant(name: string, target: string): void {
  symlinkSync(target, folder.at(name));
  lchownSync(folder.at(name), planter, gid);
}

/** What is read of the file that was opened, and how large it was. */
function read({ fd, stats }: ReturnType<typeof openSource>): [string, number] {
  try {
    return [readFileSync(fd, "utf8"), stats.size];
  } finally {
    closeSync(fd);
  }
}

const below = (name: string, rule: Parameters<typeof openSource>[1]) => {
  const folders = new HeldFolders(folder.path, { uid: rule.uid, create: false, follows: rule.follows });
  try {
    return openSourceBelow(folders, name, folder.at(name), rule);
  } finally {
    folders.close();
  }
};
const byPath = (name: string, rule: Parameters<typeof openSource>[1]) => openSource(folder.at(name), rule);

describe.each([
  ["below a root", below],
  ["by its path", byPath],
])("a file that is opened to be read %s", (_, open) => {
  const follows = { uid, follows: true };

  it.each(["file", "d/link", "twice", "to-d/link"])("is what %s leads to", (name) => {
    expect(read(open(name, follows))).toEqual(["four", 4]);
  });

  it("is no link where none is followed", () => {
    for (const name of ["d/link", "twice", "broken"])
      expect(() => open(name, { uid, follows: false })).toThrow(expect.objectContaining({ code: "ELOOP" }));
    expect(read(open("file", { uid, follows: false }))).toEqual(["four", 4]);
  });

  it.each([
    ["loop", { code: "ELOOP" }],
    ["broken", { code: "ENOENT" }],
    ["none", { code: "ENOENT" }],
    ["d", { code: "EISDIR" }],
    ["fifo", { id: "source-not-regular" }],
  ])("is not %s, and none stays open", (name, error) => {
    const before = readdirSync("/proc/self/fd").length;
    for (let time = 0; time < 5; time++)
      expect(() => open(name, follows)).toThrow(expect.objectContaining(error));
    expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 5);
  });

  it("leaves no folder open", () => {
    const before = readdirSync("/proc/self/fd").length;
    for (let time = 0; time < 5; time++) read(open("twice", follows));
    expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 5);
  });

  it("may be another user's by that user's link", () => {
    chownSync(folder.at("file"), planter, gid);
    plant("planted", "file");
    expect(read(open("planted", { uid: STRANGER, follows: true }))).toEqual(["four", 4]);
  });

  it.skipIf(uid !== 0)("is not somebody else's by another user's link", () => {
    plant("planted", "file");
    plant("planted-folder", "d");
    for (const name of ["planted", "planted-folder/link"])
      expect(() => open(name, { uid: STRANGER, follows: true })).toThrow(
        expect.objectContaining({ id: "foreign-link" }),
      );
  });
});

it("an open descriptor is opened by its path, if it is a file", () => {
  const rule = { uid, follows: false };
  const fd = openSync(folder.at("file"), "r");
  try {
    expect(read(openSource(`/dev/fd/${fd}`, rule))).toEqual(["four", 4]);
  } finally {
    closeSync(fd);
  }
  expect(() => openSource(`/dev/fd/${fd}`, rule)).toThrow();
});

it.runIf(process.platform === "linux")("a descriptor of Node's own is as none: its event loop's", () => {
  const own = readdirSync("/proc/self/fd").find((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("anon_inode:");
    } catch {
      return false;
    }
  });
  expect(own).toBeDefined();
  expect(() => openSource(`/dev/fd/${own}`, { uid, follows: false })).toThrow(
    expect.objectContaining({ code: "EBADF" }),
  );
});
