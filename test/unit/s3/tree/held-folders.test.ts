import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenFolder } from "../../../../src/paths/open-folder.js";
import { openFoldersClosed } from "../../../../src/s3/local/temporary-names.js";
import { type FolderRules, HeldFolders, splitName } from "../../../../src/s3/tree/held-folders.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

vi.mock("../../../../src/s3/local/temporary-names.js", async (original) => ({
  ...(await original<typeof import("../../../../src/s3/local/temporary-names.js")>()),
  openFoldersClosed: vi.fn(),
}));

const uid = process.getuid?.() ?? 0;
/** Whose the links of `plant` are; to another user they are foreign. */
const planter = uid || 12_345;
const STRANGER = 99_999;

let folder: TemporaryFolder;
let open: HeldFolders[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  vi.clearAllMocks();
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const folders of open) folders.close();
  open = [];
  folder.remove();
});

function held(rules: Partial<FolderRules> = {}, root = folder.path): HeldFolders {
  const folders = new HeldFolders(root, { uid, create: false, ...rules });
  open.push(folders);
  return folders;
}

function plant(name: string, target: string): string {
  symlinkSync(target, folder.at(name));
  lchownSync(folder.at(name), planter, process.getgid?.() ?? 0);
  return folder.at(name);
}

const coded = (code: string) => expect.objectContaining({ code });
const failing = (id: string) => expect.objectContaining({ id });

const { enter } = OpenFolder.prototype;

/** Opening this folder fails so often, and then works. @returns how often it was tried */
function failingToEnter(name: string, times: number, code: string): () => number {
  let tries = 0;
  vi.spyOn(OpenFolder.prototype, "enter").mockImplementation(function (this: OpenFolder, one) {
    if (one === name && tries++ < times) throw Object.assign(new Error(code), { code, syscall: "open" });
    return enter.call(this, one);
  });
  return () => tries;
}

describe("folders that nobody uses", () => {
  it.each([
    [4, [0, 0, 0, 3, 3, 3, 6, 6, 6, 9]],
    [0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])("of more than %i half stay open, those that were opened last", (idle, closedAfter) => {
    const folders = held({ create: true, idle });
    const all = Array.from({ length: 10 }, (_, index) => folders.hold(`d${index}`));
    const close = vi.spyOn(OpenFolder.prototype, "close");
    vi.mocked(openFoldersClosed).mockClear();
    const after = all.map((one) => {
      one.release();
      return close.mock.calls.length;
    });
    expect(after).toEqual(closedAfter);
    const closed = new Set(close.mock.contexts);
    expect(all.map((one) => closed.has(one.folder))).toEqual(
      all.map((_, index) => index < (closedAfter.at(-1) ?? 0)),
    );
    expect(openFoldersClosed).toHaveBeenCalledTimes(new Set(closedAfter.filter((count) => count > 0)).size);
  });

  it("are 64 with the root, where nothing else is said", () => {
    const folders = held({ create: true });
    const all = Array.from({ length: 64 }, (_, index) => folders.hold(`d${index}`));
    const close = vi.spyOn(OpenFolder.prototype, "close");
    for (const one of all.slice(0, 63)) one.release();
    expect(close).not.toHaveBeenCalled();
    all[63]?.release();
    expect(close).toHaveBeenCalledTimes(33);
  });

  it("are not those that one of two users has released, nor their path's when those below are closed", () => {
    const folders = held({ create: true, idle: 0 });
    const [first, second] = [folders.hold("a/b"), folders.hold("a/b")];
    const close = vi.spyOn(OpenFolder.prototype, "close");
    first.release();
    expect(close).not.toHaveBeenCalled();
    writeFileSync(`${second.path}/f`, "x");
    second.release();
    expect(close.mock.contexts).toEqual([second.folder]);
    expect(existsSync(folder.at("a", "b", "f"))).toBe(true);
  });

  it("are counted once, however many have used them", () => {
    // Three, and the root.
    const folders = held({ create: true, idle: 4 });
    const users = ["d", "e", "f", "d", "e", "f"].map((name) => folders.hold(name));
    const close = vi.spyOn(OpenFolder.prototype, "close");
    for (const one of users) one.release();
    expect(close).not.toHaveBeenCalled();
  });

  it("are those of files that something was done with", () => {
    const folders = held({ create: true, idle: 0 });
    folders.hold("d").release();
    const close = vi.spyOn(OpenFolder.prototype, "close");
    expect(folders.inFolder("d/f", (path, { folder }, last) => path === `${folder.path}/${last}`)).toBe(true);
    const failed = () =>
      folders.inFolder("d/f", () => {
        throw new Error("of the action");
      });
    expect(failed).toThrow("of the action");
    expect(close).toHaveBeenCalledTimes(2);
  });

  it("are looked at each time they are used again: another may have taken their place", () => {
    const folders = held({ create: true });
    folders.hold("d").release();
    const check = vi.spyOn(OpenFolder.prototype, "check");
    check.mockImplementationOnce(() => {
      throw Object.assign(new Error("replaced"), { code: "ESTALE" });
    });
    expect(() => folders.hold("d")).toThrow(coded("ESTALE"));
  });

  it("make room for one that is wanted, their own parents too", () => {
    const folders = held({ create: true });
    const used = folders.hold("used");
    folders.hold("a/b").release();
    mkdirSync(folder.at("wanted"));
    const close = vi.spyOn(OpenFolder.prototype, "close");
    const tries = failingToEnter("wanted", 1, "EMFILE");
    const wanted = folders.hold("wanted");
    expect(tries()).toBe(2);
    // `a`, and `a/b`.
    expect(close).toHaveBeenCalledTimes(2);
    for (const one of [used, wanted]) expect(readdirSync(one.path)).toEqual([]);
  });

  it.each([
    ["there are none", "EMFILE", false],
    ["something else is wrong", "EACCES", true],
  ])("make no room where %s", (_, code, isIdle) => {
    const folders = held({ create: true });
    const used = folders.hold("used");
    if (isIdle) used.release();
    mkdirSync(folder.at("wanted"));
    const close = vi.spyOn(OpenFolder.prototype, "close");
    const tries = failingToEnter("wanted", 1, code);
    expect(() => folders.hold("wanted")).toThrow(coded(code));
    expect(tries()).toBe(1);
    expect(close).not.toHaveBeenCalled();
  });

  it("are closed at the end, with all others, and can be opened again", () => {
    const folders = held({ create: true });
    folders.hold("a/b").release();
    const used = folders.hold("c");
    const close = vi.spyOn(OpenFolder.prototype, "close");
    folders.close();
    // The root, `a`, `a/b` and `c`.
    expect(close).toHaveBeenCalledTimes(4);
    expect(close.mock.contexts).toContain(used.folder);
    expect(openFoldersClosed).toHaveBeenCalledTimes(1);
    writeFileSync(`${folders.hold("a/b").path}/f`, "x");
    expect(existsSync(folder.at("a", "b", "f"))).toBe(true);
  });
});

describe("a folder that is missing", () => {
  it.each([
    [3, undefined],
    [4, "ENOENT"],
  ])("is made anew when it goes %i times", (times, code) => {
    const folders = held({ create: true });
    folders.hold("").release();
    const tries = failingToEnter("gone", times, "ENOENT");
    const hold = () => folders.hold("gone");
    if (code === undefined) expect(readdirSync(hold().path)).toEqual([]);
    else expect(hold).toThrow(coded(code));
    expect(tries()).toBe(4);
  });

  it("is not made by who only looks", () => {
    const folders = held({ create: true });
    const action = vi.fn();
    expect(() => folders.inFolder("none/x", action)).toThrow(coded("ENOENT"));
    expect(() => folders.hold("none", false)).toThrow(coded("ENOENT"));
    expect(() => held().hold("none")).toThrow(coded("ENOENT"));
    expect(action).not.toHaveBeenCalled();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("cannot be made in one that was removed: mkdir says so at once", () => {
    mkdirSync(folder.at("root"));
    const folders = held({ create: true }, folder.at("root"));
    folders.hold("");
    rmdirSync(folder.at("root"));
    expect(() => folders.hold("below")).toThrow(
      expect.objectContaining({ code: "ENOENT", syscall: "mkdir" }),
    );
  });
});

describe("what is no folder", () => {
  it.each([
    ["file", {}, "folder-is-file"],
    ["file", { follows: true }, "folder-is-file"],
    ["link", {}, "folder-is-link"],
    ["link", { create: true }, "folder-is-link"],
  ])("%s, %j: %s", (name, rules, id) => {
    mkdirSync(folder.at("real"));
    writeFileSync(folder.at("file"), "");
    symlinkSync("real", folder.at("link"));
    const isLink = name === "link";
    const refusal = expect.objectContaining({
      id,
      message: expect.stringContaining(
        isLink ? "is a symbolic link, not a folder" : "is a file, not a folder",
      ),
      hint: isLink ? expect.stringContaining("the folder it leads to") : undefined,
    });
    expect(() => held(rules).hold(name)).toThrow(refusal);
    expect(() => held(rules).hold(`${name}/below`)).toThrow(refusal);
  });

  it("a link of a source to a file, as the system tells of it: its root is a folder", () => {
    writeFileSync(folder.at("file"), "");
    symlinkSync("file", folder.at("link"));
    expect(() => held({ follows: true }).hold("link")).toThrow(coded("ENOTDIR"));
  });

  it.each(["ENOTDIR", "ELOOP"])("is looked at where the system says %s", (code) => {
    mkdirSync(folder.at("real"));
    symlinkSync("real", folder.at("link"));
    failingToEnter("link", 1, code);
    expect(() => held().hold("link")).toThrow(failing("folder-is-link"));
    failingToEnter("gone", 1, code);
    expect(() => held().hold("gone")).toThrow(failing("folder-is-file"));
  });

  it("is a root that is a file, as mkdir tells of it; one below a file, and one that cannot be opened, are not", () => {
    writeFileSync(folder.at("file"), "");
    expect(() => held({}, folder.at("file")).hold("")).toThrow(coded("EEXIST"));
    expect(() => held({}, folder.at("file", "x")).hold("")).toThrow(coded("ENOTDIR"));
    failingToEnter("file", 1, "EMFILE");
    expect(() => held({}, folder.at("file")).hold("")).toThrow(coded("EMFILE"));
  });
});

describe("another user's link", () => {
  beforeEach(() => {
    mkdirSync(folder.at("theirs"));
    chownSync(folder.at("theirs"), planter, process.getgid?.() ?? 0);
    plant("link", "theirs");
  });
  const stranger = { uid: STRANGER };

  it("to a folder of that user's is the root of what is read, not of what is written", () => {
    expect(readdirSync(held(stranger, folder.at("link")).hold("").path)).toEqual([]);
    for (const root of ["link", "link/below"])
      expect(() => held({ ...stranger, create: true }, folder.at(root)).hold("")).toThrow(
        failing("foreign-link"),
      );
    expect(readdirSync(folder.at("theirs"))).toEqual([]);
  });

  it("to a folder of that user's is followed in a source", () => {
    expect(readdirSync(held({ ...stranger, follows: true }).hold("link").path)).toEqual([]);
    expect(() => held(stranger).hold("link")).toThrow(failing("folder-is-link"));
  });

  it.skipIf(uid !== 0)("to what is not that user's leads nowhere", () => {
    mkdirSync(folder.at("roots"));
    plant("to-roots", "../roots".slice(3));
    expect(() => held({ ...stranger, follows: true }).hold("to-roots")).toThrow(failing("foreign-link"));
  });
});

describe("what a link of a source leads to", () => {
  it("is told by its state; undefined where it leads nowhere; nothing stays open", () => {
    writeFileSync(folder.at("file"), "four");
    mkdirSync(folder.at("d"));
    symlinkSync("../file", folder.at("d", "link"));
    symlinkSync("nowhere", folder.at("broken"));
    symlinkSync("d/link", folder.at("twice"));
    const folders = held();
    expect(folders.statsThroughLink("d/link")?.size).toBe(4);
    const entered = vi.spyOn(OpenFolder.prototype, "enter");
    const close = vi.spyOn(OpenFolder.prototype, "close");
    expect(folders.statsThroughLink("twice")?.size).toBe(4);
    expect(folders.statsThroughLink("broken")).toBeUndefined();
    expect(entered).toHaveBeenCalled();
    expect(close).toHaveBeenCalledTimes(entered.mock.results.filter(({ type }) => type === "return").length);
  });

  it("is another user's own, or is not looked at", () => {
    writeFileSync(folder.at("theirs"), "four");
    chownSync(folder.at("theirs"), planter, process.getgid?.() ?? 0);
    plant("own", "theirs");
    plant("nowhere", "none");
    const folders = held({ uid: STRANGER });
    expect(folders.statsThroughLink("own")?.size).toBe(4);
    expect(folders.statsThroughLink("nowhere")).toBeUndefined();
  });

  it.skipIf(uid !== 0)("is not looked at when it is somebody else's", () => {
    writeFileSync(folder.at("roots"), "secret");
    plant("taken", "roots");
    expect(() => held({ uid: STRANGER }).statsThroughLink("taken")).toThrow(/^taken is a symbolic link of/);
  });
});

it.each([
  ["x", "", "x"],
  ["a/x", "a", "x"],
  ["a/b/x", "a/b", "x"],
  ["/x", "", "x"],
  ["a/", "a", ""],
])("%j is in the folder %j and is there %j", (name, folder, last) => {
  expect(splitName(name)).toEqual({ folder, last });
});
