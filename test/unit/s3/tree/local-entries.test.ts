import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ForeignLink } from "../../../../src/paths/walk.js";
import { HeldFolders } from "../../../../src/s3/tree/held-folders.js";
import { LocalEntries, type LocalEntriesOptions } from "../../../../src/s3/tree/local-entries.js";
import { FOREIGN_LINK, GONE, SPECIAL_FILE, UNREADABLE } from "../../../../src/s3/tree/notices.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

let folder: TemporaryFolder;
const told: [path: string, text: string][] = [];
beforeEach(() => {
  folder = temporaryFolder();
  told.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

function file(name: string, content = ""): void {
  mkdirSync(folder.at(name, ".."), { recursive: true });
  writeFileSync(folder.at(name), content);
}

const shown = (path: string | undefined) => path?.slice(folder.path.length);

function walk(more: Partial<LocalEntriesOptions> = {}) {
  const folders = new HeldFolders(folder.path, { uid: process.getuid?.(), create: false, follows: true });
  const entries = new LocalEntries(folder.path, folders, {
    followSymlinks: true,
    staysInside: false,
    accepts: () => true,
    mayAcceptBelow: () => true,
    warn: (path, { text }) => void told.push([shown(path) ?? "", text]),
    ignores: () => false,
    ...more,
  });
  const names = async () => {
    const found: string[] = [];
    for (let entry = await entries.next(); entry !== undefined; entry = await entries.next())
      found.push(entry.name);
    return found;
  };
  return { entries, names };
}

const systemFault = (code: string) => Object.assign(new Error(code), { code, syscall: "open" });
const { hold } = HeldFolders.prototype;

describe("the folder of the file that is told", () => {
  /** Which folders the walk holds and lets go, in order; the first `failing` of these names cannot be opened for want of descriptors. */
  function watched(failing: readonly (string | undefined)[] = []): string[] {
    const log: string[] = [];
    const left = [...failing];
    let isInside = false;
    vi.spyOn(HeldFolders.prototype, "hold").mockImplementation(function (this: HeldFolders, name, create) {
      if (isInside) return hold.call(this, name, create);
      log.push(`hold ${name}${create === false ? "" : " (made)"}`);
      if (left.shift() === name) throw systemFault("EMFILE");
      isInside = true;
      try {
        const held = hold.call(this, name, create);
        const release = () => {
          log.push(`release ${name}`);
          held.release();
        };
        return { ...held, release };
      } finally {
        isInside = false;
      }
    });
    return log;
  }

  const TREE = ["a", "d/b", "d/c", "d/sub/e", "z"];

  it("is held until another's is, and only it, beside the one that is read", async () => {
    for (const name of TREE) file(name);
    const log = watched();
    expect(await walk().names()).toEqual(TREE);
    expect(log).toEqual([
      ...["hold ", "release ", "hold "],
      ...["release ", "hold d", "release d", "hold d"],
      ...["release d", "hold d/sub", "release d/sub", "hold d/sub"],
      ...["release d/sub", "hold ", "release "],
    ]);
  });

  it("is waited for where there is no descriptor for it", async () => {
    file("a");
    const log = watched([undefined, ""]);
    expect(await walk().names()).toEqual(["a"]);
    expect(log).toEqual(["hold ", "release ", "hold ", "hold ", "release "]);
  });

  it("may be gone: the file is then told all the same", async () => {
    file("a");
    vi.spyOn(HeldFolders.prototype, "hold")
      .mockImplementationOnce(hold)
      .mockImplementation(() => {
        throw systemFault("ENOENT");
      });
    const { entries } = walk();
    const entry = await entries.next();
    expect([entry?.name, entry?.stats]).toEqual(["a", undefined]);
  });
});

describe("a folder that cannot be opened", () => {
  const [SOURCE, TARGET] = [{ staysInside: false }, { staysInside: true }];
  it.each<[string, string, object, [string, string] | undefined]>([
    ["", "ENOENT", SOURCE, ["", GONE.text]],
    ["", "ENOENT", TARGET, undefined],
    ["", "EEXIST", SOURCE, ["/", GONE.text]],
    ["", "EEXIST", TARGET, ["", UNREADABLE.text]],
    ["", "EACCES", SOURCE, ["", UNREADABLE.text]],
    ["d", "ENOENT", SOURCE, undefined],
    ["d", "ENOENT", TARGET, undefined],
    ["d", "EEXIST", SOURCE, ["/d", UNREADABLE.text]],
    ["d", "EACCES", TARGET, ["/d", UNREADABLE.text]],
  ])("%j, for %s, %j, is told: %j", async (name, code, more, line) => {
    file("d/f");
    vi.spyOn(HeldFolders.prototype, "hold").mockImplementation(function (this: HeldFolders, one, create) {
      if (one === name) throw systemFault(code);
      return hold.call(this, one, create);
    });
    const { entries, names } = walk(more);
    expect(await names()).toEqual([]);
    expect(told).toEqual(line === undefined ? [] : [line]);
    expect(shown(entries.unread)).toBe(line?.[0]);
  });
});

describe("a link", () => {
  beforeEach(() => {
    file("d/f", "four");
    symlinkSync("f", folder.at("d", "link"));
  });

  it("to a file is told as that file, where links are followed", async () => {
    const { entries } = walk();
    await entries.next();
    const link = await entries.next();
    expect([link?.name, link?.stats?.isFile(), link?.stats?.size]).toEqual(["d/link", true, 4]);
    expect(told).toEqual([]);
  });

  it("to a fifo is no file", async () => {
    execFileSync("mkfifo", [folder.at("fifo")]);
    symlinkSync("fifo", folder.at("to-fifo"));
    expect(await walk().names()).toEqual(["d/f", "d/link", "fifo", "to-fifo"]);
    expect(told).toEqual(["/fifo", "/to-fifo"].map((path) => [path, SPECIAL_FILE.text]));
  });

  it.each<[string, Error, string, boolean]>([
    ["of another user", new ForeignLink("x"), FOREIGN_LINK.text, true],
    ["through a file", systemFault("ENOTDIR"), GONE.text, true],
    ["through nothing", systemFault("ENOENT"), GONE.text, true],
    ["in a loop", systemFault("ELOOP"), GONE.text, false],
    ["into a folder that may not be searched", systemFault("EACCES"), UNREADABLE.text, false],
  ])(
    "%s is told, and its name is taken where nothing can be below it",
    async (_how, error, text, isTaken) => {
      vi.spyOn(HeldFolders.prototype, "statsThroughLink").mockImplementation(() => {
        throw error;
      });
      const { entries, names } = walk();
      expect(await names()).toEqual(isTaken ? ["d/f", "d/link"] : ["d/f"]);
      expect(told).toEqual([["/d/link", text]]);
      expect(shown(entries.unread)).toBe(isTaken ? undefined : "/d/link");
    },
  );

  it.each([
    ["d/link", "none", [["/d/link", GONE.text]], "/d/link"],
    ["none", "d/link/", [], "/d/link"],
    ["none", "none", [], undefined],
  ])("in a loop matters by its whole name: %s %s", async (accepted, below, lines, unread) => {
    vi.spyOn(HeldFolders.prototype, "statsThroughLink").mockImplementation(() => {
      throw systemFault("ELOOP");
    });
    const { entries, names } = walk({
      accepts: (name) => name === accepted,
      mayAcceptBelow: (name) => name === "d/" || name === below,
    });
    expect(await names()).toEqual([]);
    expect([told, shown(entries.unread)]).toEqual([lines, unread]);
  });
});

it("files are left out, or not, by their whole names", async () => {
  for (const name of ["d/f", "d/g", "f"]) file(name);
  expect(await walk({ accepts: (name) => name === "d/f" }).names()).toEqual(["d/f"]);
});

it.runIf(process.platform === "linux")("what has no name in UTF-8 matters by its whole name", async () => {
  mkdirSync(folder.at("d"));
  const strange = (name: string) => Buffer.concat([Buffer.from(folder.at("d", name)), Buffer.from([0xff])]);
  writeFileSync(strange("file"), "");
  mkdirSync(strange("folder"));
  const [FILE, FOLDER] = ["/d/file\ufffd", "/d/folder\ufffd"];
  const paths = async (accepted: string, below: string) => {
    told.length = 0;
    const options = {
      accepts: (name: string) => name === accepted,
      mayAcceptBelow: (name: string) => name === "d/" || name === below,
    };
    expect(await walk(options).names()).toEqual([]);
    return told.map(([path]) => path);
  };
  expect(await paths(FILE.slice(1), "none")).toEqual([FILE]);
  expect(await paths("none", `${FOLDER.slice(1)}/`)).toEqual([FOLDER]);
  expect(await paths(FOLDER.slice(1), "none")).toEqual([]);
});

it("what telling throws ends the walk", () => {
  symlinkSync("nowhere", folder.at("broken"));
  const warn = () => {
    throw new Error("told in vain");
  };
  expect(() => walk({ warn }).entries.next()).toThrow("told in vain");
});
