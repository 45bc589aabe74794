import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ListPage } from "../../../../src/s3/store.js";
import { HeldFolders } from "../../../../src/s3/tree/held-folders.js";
import { compareKeys } from "../../../../src/s3/tree/key-order.js";
import { ListedEntries } from "../../../../src/s3/tree/listed-entries.js";
import { LocalEntries, type LocalEntriesOptions, LocalEntry } from "../../../../src/s3/tree/local-entries.js";
import { canonicalName, localNameProblem } from "../../../../src/s3/tree/local-names.js";
import { merge } from "../../../../src/s3/tree/merge.js";
import { FOREIGN_LINK, GONE } from "../../../../src/s3/tree/notices.js";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.js";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function file(name: string, content = ""): void {
  mkdirSync(folder.at(name, ".."), { recursive: true });
  writeFileSync(folder.at(name), content);
}

const listed = (key: string, size = 1) => ({ key, size, lastModified: 0 });

async function* pagesOf(...pages: (readonly string[])[]): AsyncGenerator<ListPage> {
  for (const keys of pages) yield { objects: keys.map((key) => listed(key)), prefixes: [] };
}

async function all<E>(entries: { next(): E | undefined | Promise<E | undefined> }): Promise<E[]> {
  const found: E[] = [];
  for (let entry = await entries.next(); entry !== undefined; entry = await entries.next()) found.push(entry);
  return found;
}

const everything = { prefixLength: 0, accepts: () => true, sorted: true };

const openNow = () => readdirSync("/proc/self/fd").length;

describe("ListedEntries", () => {
  it("goes through pages, leaves markers out, counts the others", async () => {
    const entries = new ListedEntries(pagesOf(["p/a", "p/b"], [], ["p/c"]), {
      ...everything,
      prefixLength: 2,
    });
    expect((await all(entries)).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(entries.listed).toBe(3);
    async function* markers(): AsyncGenerator<ListPage> {
      yield { objects: [listed("d/", 0), listed("e/", 1)], prefixes: [] };
    }
    const marked = new ListedEntries(markers(), everything);
    expect((await all(marked)).map(({ name }) => name)).toEqual(["e/"]);
    expect(marked.listed).toBe(1);
  });

  it("refuses another order only where it matters", async () => {
    await expect(all(new ListedEntries(pagesOf(["b"], ["a"]), everything))).rejects.toMatchObject({
      id: "s3-listing-unsorted",
    });
    expect(
      await all(new ListedEntries(pagesOf(["b"], ["a"]), { ...everything, sorted: false })),
    ).toHaveLength(2);
  });

  it.each([
    [[["a", "a"]]],
    [[["a"], ["a"]]],
    [
      [
        ["a", "b"],
        ["b", "c"],
      ],
    ],
  ])("refuses a key that comes twice: %j", async (pages) => {
    await expect(all(new ListedEntries(pagesOf(...pages), everything))).rejects.toMatchObject({
      id: "s3-listing-unsorted",
    });
  });

  it("asks for the next page while this one is worked on, and for none after the last", async () => {
    let asked = 0;
    const pages = [["a", "b"], ["c"]].map((keys) => ({
      objects: keys.map((key) => listed(key)),
      prefixes: [],
    }));
    const listing: AsyncIterable<ListPage> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const value = pages[asked++];
          return value === undefined ? { done: true, value } : { done: false, value };
        },
      }),
    };
    const entries = new ListedEntries(listing, everything);
    const steps: unknown[] = [];
    for (let count = 0; count < 6; count++) steps.push([(await entries.next())?.name, asked]);
    expect(steps).toEqual([
      ["a", 2],
      ["b", 2],
      ["c", 3],
      [undefined, 3],
      [undefined, 3],
      [undefined, 3],
    ]);
    // At once, for nothing is asked for.
    expect(entries.next()).toBeUndefined();
  });

  it("answers at once within a page, and tells what first makes a listing doubtful", async () => {
    async function* doubted(): AsyncGenerator<ListPage> {
      yield { objects: [listed("a"), listed("b")], prefixes: [] };
      yield { objects: [listed("c")], prefixes: [], doubt: "first" };
      yield { objects: [listed("d")], prefixes: [], doubt: "second" };
    }
    const entries = new ListedEntries(doubted(), everything);
    await entries.next();
    expect(entries.next()).toMatchObject({ name: "b", object: listed("b") });
    expect(entries.doubt).toBeUndefined();
    await all(entries);
    expect(entries.doubt).toBe("first");
  });

  it("leaves out what is not accepted, and counts it", async () => {
    const entries = new ListedEntries(pagesOf(["a", "b", "c"]), {
      ...everything,
      accepts: (name) => name !== "b",
    });
    expect((await all(entries)).map(({ name }) => name)).toEqual(["a", "c"]);
    expect(entries.listed).toBe(3);
  });

  it("throws what the listing throws, once its next page is wanted", async () => {
    async function* broken(): AsyncGenerator<ListPage> {
      yield { objects: [listed("a")], prefixes: [] };
      throw new Error("broken");
    }
    const unheard: unknown[] = [];
    const listen = (error: unknown) => void unheard.push(error);
    process.on("unhandledRejection", listen);
    const entries = new ListedEntries(broken(), everything);
    expect((await entries.next())?.name).toBe("a");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listen);
    await expect(entries.next()).rejects.toThrow("broken");
    expect(unheard).toEqual([]);
  });
});

/** Where a file's name is any bytes: not on macOS, nor on Windows. */
const BYTE_NAMES = process.platform === "linux";

const uid = process.getuid?.();
const sourceFolders = (root: string) => new HeldFolders(root, { uid, create: false, follows: true });

describe("LocalEntry", () => {
  const stats = { size: 3 } as Stats;

  it("looks at the file once, when it is asked", () => {
    const look = vi.fn(() => stats);
    const entry = new LocalEntry("f", "/f", look);
    expect(look).not.toHaveBeenCalled();
    expect([entry.stats, entry.stats, entry.isSkipped]).toEqual([stats, stats, false]);
    expect(look).toHaveBeenCalledTimes(1);
  });

  it("is not looked at when it is no file to transfer, and may be gone or unreadable", () => {
    const look = vi.fn(() => stats);
    const skipped = new LocalEntry("f", "/f", look, { id: "skipped-missing", text: "gone" });
    expect([skipped.stats, skipped.isSkipped]).toEqual([undefined, true]);
    expect(look).not.toHaveBeenCalled();
    expect(new LocalEntry("f", "/f", () => undefined).stats).toBeUndefined();
    const refused = () => {
      throw new Error("EACCES");
    };
    expect(new LocalEntry("f", "/f", refused).stats).toBeUndefined();
  });
});

describe("LocalEntries", () => {
  const warnings: string[] = [];
  const entries = (
    more: Partial<LocalEntriesOptions> = {},
    root = folder.path,
    folders = sourceFolders(root),
  ) =>
    new LocalEntries(root, folders, {
      followSymlinks: true,
      staysInside: false,
      accepts: () => true,
      mayAcceptBelow: () => true,
      warn: (path, reason) => warnings.push(`${path.slice(folder.path.length)} ${reason.text}`),
      ignores: (name) => name.endsWith(".ours"),
      ...more,
    });
  const walk = (more: Partial<LocalEntriesOptions> = {}) => all(entries(more));
  beforeEach(() => {
    warnings.length = 0;
  });

  it("walks in the order of keys, folders as if they ended in a slash", async () => {
    for (const name of ["a/b", "a.b", "a-b", "a0", "z/y/x", "é", "a/.hidden", "x.ours"]) file(name);
    const names = (await walk()).map(({ name }) => name);
    expect(names).toEqual(["a-b", "a.b", "a/.hidden", "a/b", "a0", "z/y/x", "é"]);
    expect(names).toEqual(names.toSorted(compareKeys));
  });

  it("follows links or not, notices loops, warns of broken ones and of what is no file", async () => {
    file("d/f");
    symlinkSync("d", folder.at("link"));
    symlinkSync("nowhere", folder.at("broken"));
    symlinkSync("..", folder.at("d", "up"));
    const names = (await walk()).map(({ name }) => name);
    expect(names).toContain("link/f");
    expect(names).toContain("broken");
    expect(warnings).toContain("/broken File does not exist.");
    expect(warnings.some((line) => line.includes("points to a folder that contains it"))).toBe(true);
    expect((await walk({ followSymlinks: false })).map(({ name }) => name)).toEqual(["d/f"]);
    expect((await walk({ staysInside: true })).map(({ name }) => name)).toEqual(["broken", "d/f"]);
  });

  it.runIf(BYTE_NAMES)("warns of names that are not UTF-8, and takes none of them for another", async () => {
    const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
    const strange = bytes(folder.path, "/", Buffer.from([0xff]));
    for (const name of ["\ufffd", "a", "d\ufffd/real", "x\ufffd.ours"]) file(name);
    writeFileSync(strange, "");
    writeFileSync(bytes(folder.path, "/", Buffer.from([0xfe])), "");
    mkdirSync(bytes(folder.path, "/d", Buffer.from([0xff])));
    writeFileSync(bytes(folder.path, "/d", Buffer.from([0xff]), "/lost"), "");
    symlinkSync("a", bytes(folder.path, "/l", Buffer.from([0xff])));
    const found = await walk();
    expect(found.map(({ name }) => name)).toEqual(["a", "d\ufffd/real", "\ufffd"]);
    const notUtf8 = "File name is not valid UTF-8.";
    const lines = ["/d\ufffd", "/l\ufffd", "/\ufffd", "/\ufffd"].map((path) => `${path} ${notUtf8}`);
    expect(warnings.toSorted()).toEqual(lines);
    warnings.length = 0;
    expect((await walk({ followSymlinks: false })).map(({ name }) => name)).toHaveLength(3);
    expect(warnings.toSorted()).toEqual(lines.filter((line) => !line.startsWith("/l")));
    warnings.length = 0;
    await walk({ accepts: (name) => name === "a", mayAcceptBelow: () => false });
    expect(warnings).toEqual([]);
  });

  it.runIf(BYTE_NAMES)("follows no link to a name that is not UTF-8", async () => {
    file("\ufffd", "another");
    symlinkSync(Buffer.from([0xff]), folder.at("link"));
    writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xff])]), "meant");
    const walked = entries();
    expect((await all(walked)).map(({ name }) => name)).toEqual(["\ufffd"]);
    expect(warnings).toContain("/link File/Directory is not readable.");
    expect(walked.unread).toBe(folder.at("link"));
  });

  it.each(["hold", "statsThroughLink"] as const)(
    "goes on when there are descriptors again: %s, at each of its calls",
    async (call) => {
      for (const name of ["a/f", "c"]) file(name);
      symlinkSync("../c", folder.at("a", "link"));
      const real = HeldFolders.prototype[call] as (name: string, create?: boolean) => unknown;
      for (let failing = 0, struck = true; struck; failing++) {
        let calls = 0;
        const spy = vi.spyOn(HeldFolders.prototype, call).mockImplementation(function (
          this: HeldFolders,
          name: string,
          create?: boolean,
        ) {
          if (calls++ === failing) throw Object.assign(new Error("EMFILE"), { code: "EMFILE" });
          return real.call(this, name, create) as never;
        });
        const walked = entries();
        expect((await all(walked)).map(({ name }) => name)).toEqual(["a/f", "a/link", "c"]);
        expect([walked.unread, warnings]).toEqual([undefined, []]);
        spy.mockRestore();
        struck = calls > failing;
        if (failing === 0) expect(struck).toBe(true);
      }
    },
  );

  it("asks of what is no file by its whole name whether it is meant", async () => {
    file("d/f");
    symlinkSync("nowhere", folder.at("d", "broken"));
    const accepts = (name: string) => name === "d/broken";
    expect((await walk({ accepts })).map(({ name }) => name)).toEqual(["d/broken"]);
    expect(warnings).toEqual(["/d/broken File does not exist."]);
  });

  it("tells which folder it could not read, and goes on", async () => {
    for (const name of ["a/f", "b/f", "c"]) file(name);
    const walked = entries();
    expect((await walked.next())?.name).toBe("a/f");
    // A folder that a file has taken the place of: ENOTDIR.
    rmSync(folder.at("b"), { recursive: true });
    file("b");
    expect((await all(walked)).map(({ name }) => name)).toEqual(["c"]);
    expect(walked.unread).toBe(folder.at("b"));
    expect(warnings).toEqual(["/b File/Directory is not readable."]);
  });

  it("a file in the place of the root is said not to exist as a folder, in the AWS CLI's words", async () => {
    file("f");
    const walked = entries({}, folder.at("f"));
    expect(await all(walked)).toEqual([]);
    expect(walked.unread).toBe(`${folder.at("f")}/`);
    expect(warnings).toEqual(["/f/ File does not exist."]);
  });

  it("a folder that is gone when it is opened holds nothing, without a word", async () => {
    for (const name of ["a/f", "b/f"]) file(name);
    const walked = entries();
    rmSync(folder.at("a"), { recursive: true });
    expect((await all(walked)).map(({ name }) => name)).toEqual(["b/f"]);
    expect(walked.unread).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("a link that cannot be followed may lead to a folder: it counts as one that was not read", async () => {
    symlinkSync("loop", folder.at("loop"));
    const walked = entries();
    expect(await all(walked)).toEqual([]);
    expect(walked.unread).toBe(folder.at("loop"));
    const without = entries({ accepts: (name) => name !== "loop", mayAcceptBelow: () => false });
    expect(await all(without)).toEqual([]);
    expect(without.unread).toBeUndefined();
    expect(warnings).toEqual(["/loop File does not exist."]);
    const excluded = entries({ accepts: (name) => name !== "loop", mayAcceptBelow: () => true });
    expect(await all(excluded)).toEqual([]);
    expect(excluded.unread).toBe(folder.at("loop"));
    expect(warnings).toEqual(["/loop File does not exist."]);
  });

  it("names that are taken by what is no file are told, to be left alone", async () => {
    file("f");
    symlinkSync("nowhere", folder.at("broken"));
    symlinkSync("f/x", folder.at("through"));
    execFileSync("mkfifo", [folder.at("pipe")]);
    const found = await walk();
    expect(found.map(({ name, isSkipped }) => [name, isSkipped])).toEqual([
      ["broken", true],
      ["f", false],
      ["pipe", true],
      ["through", true],
    ]);
    expect(warnings).toHaveLength(3);
    warnings.length = 0;
    expect(await walk({ accepts: (name) => name === "f" })).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it("does not open a folder of which filters leave out all", async () => {
    file("d/f");
    file("e/f");
    chmodSync(folder.at("d"), 0);
    const walked = entries({ mayAcceptBelow: (name) => name !== "d/" });
    expect((await all(walked)).map(({ name }) => name)).toEqual(["e/f"]);
    expect(walked.unread).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("a root that is missing has no entries, one that is a file is warned of", async () => {
    const options = {
      followSymlinks: true,
      staysInside: true,
      accepts: () => true,
      mayAcceptBelow: () => true,
      warn: (path: string) => warnings.push(path),
      ignores: () => false,
    };
    expect(await all(new LocalEntries(folder.at("none"), sourceFolders(folder.at("none")), options))).toEqual(
      [],
    );
    expect(warnings).toEqual([]);
    file("f");
    const ofFile = new LocalEntries(folder.at("f"), sourceFolders(folder.at("f")), options);
    expect(await all(ofFile)).toEqual([]);
    expect(ofFile.unread).toBe(folder.at("f"));
    expect(warnings).toEqual([folder.at("f")]);
  });

  it("of a source tells of a folder that is not there, and of a file in its place", async () => {
    for (const [name, shown] of [
      ["none", "/none"],
      ["f", "/f/"],
    ] as const) {
      if (name === "f") file(name);
      warnings.length = 0;
      const walked = entries({}, folder.at(name));
      expect(await all(walked)).toEqual([]);
      expect(warnings).toEqual([`${shown} ${GONE.text}`]);
      expect(walked.unread).toBe(`${folder.path}${shown}`);
    }
  });

  it.skipIf(process.getuid?.() !== 0)("goes through no link of another user", async () => {
    file("d/a");
    symlinkSync("d", folder.at("theirs"));
    lchownSync(folder.at("theirs"), 12_345, 12_345);
    const root = folder.at("theirs");
    const folders = new HeldFolders(root, { uid: 99_999, create: false, follows: true });
    const walked = entries({}, root, folders);
    expect(await all(walked)).toEqual([]);
    expect(warnings).toEqual([`/theirs ${FOREIGN_LINK.text}`]);
  });
});

describe("local names", () => {
  it.each(["a", "a/b", "..a", "a..", "a/..b", "...", " ", "a\\b", "a:b", "x".repeat(255)])(
    "takes %j",
    (name) => {
      expect(localNameProblem(name)).toBeUndefined();
    },
  );
  it.each(["..", "../a", "a/..", "/..", "a/../b", "a\0", "a/", ".", "a/.", "x".repeat(256), "é".repeat(128)])(
    "refuses %j",
    (name) => {
      expect(localNameProblem(name)).toBeDefined();
    },
  );
  it.each([
    ["a\0/..", "Its name holds a NUL character."],
    ["../a/", "File references a parent directory."],
    ["a/", "Its key ends in a slash, like a folder, but it is not empty."],
    ["a/.", "Its key ends in a slash, like a folder."],
    [`a/${"x".repeat(256)}`, "Part of its name is longer than 255 bytes."],
  ])("says what is wrong with %j", (name, text) => {
    expect(localNameProblem(name)?.text).toBe(text);
  });
  it("takes parts that are long together, and refuses one that has few characters and many bytes", () => {
    expect(localNameProblem(`${"x".repeat(255)}/${"y".repeat(255)}`)).toBeUndefined();
    expect(localNameProblem("\u65e5".repeat(85))).toBeUndefined();
    expect(localNameProblem("\u65e5".repeat(86))).toBeDefined();
  });
  it("refuses more on Windows", () => {
    for (const name of ["a\\..\\b", "c:x"]) expect(localNameProblem(name, "windows")).toBeDefined();
    expect(localNameProblem("a/b", "windows")).toBeUndefined();
  });
  it.each([
    ["a/b", "a/b"],
    ["a//b", "a/b"],
    ["/a", "a"],
    ["a/./b", "a/b"],
    ["./a", "a"],
    ["a.b/.c", "a.b/.c"],
    ["//", ""],
  ])("%j is %j to a file system", (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical);
  });
});

describe("HeldFolders", () => {
  it("makes folders, and leads to the same one when it is replaced by a link", () => {
    const folders = new HeldFolders(folder.at("root"), { uid, create: true });
    const held = folders.hold("a/b");
    mkdirSync(folder.at("outside"));
    renameSync(folder.at("root", "a", "b"), folder.at("moved"));
    symlinkSync(folder.at("outside"), folder.at("root", "a", "b"));
    writeFileSync(`${held.path}/f`, "x");
    expect(existsSync(folder.at("moved", "f"))).toBe(true);
    expect(readdirSync(folder.at("outside"))).toEqual([]);
    held.release();
    folders.close();
    const fresh = new HeldFolders(folder.at("root"), { uid, create: true });
    expect(() => fresh.hold("a/b")).toThrow(expect.objectContaining({ id: "folder-is-link" }));
    expect(() => fresh.hold("a/b/c")).toThrow(expect.objectContaining({ id: "folder-is-link" }));
    writeFileSync(folder.at("root", "file"), "");
    expect(() => fresh.hold("file/below")).toThrow(expect.objectContaining({ id: "folder-is-file" }));
    fresh.close();
  });

  it("keeps few folders open, however many there are", () => {
    const folders = new HeldFolders(folder.path, { uid, create: true });
    const held = Array.from({ length: 120 }, (_, index) => folders.hold(`d${index}`));
    for (const { path } of held) writeFileSync(`${path}/f`, "");
    const inUse = openNow();
    // 64 of them, and the root; some more for what else the process opens.
    for (const one of held) one.release();
    expect(openNow()).toBeLessThanOrEqual(inUse - 120 + 70);
    for (let index = 0; index < 120; index++) {
      const again = folders.hold(`d${index}`);
      writeFileSync(`${again.path}/g${index}`, "");
      again.release();
    }
    expect(openNow()).toBeLessThanOrEqual(inUse - 120 + 70);
    folders.close();
    expect(openNow()).toBeLessThanOrEqual(inUse - 115);
  });

  it("makes nothing when it only looks", () => {
    const folders = new HeldFolders(folder.path, { uid, create: false });
    expect(() => folders.hold("none")).toThrow(expect.objectContaining({ code: "ENOENT" }));
    folders.close();
  });
});

describe("merge", () => {
  it("tells both sides apart", async () => {
    const told: string[] = [];
    const note = (kind: string) => (entry: { name: string }) => {
      told.push(`${kind} ${entry.name}`);
      return undefined;
    };
    await merge(
      new ListedEntries(pagesOf(["a", "b"], ["d"]), everything),
      new ListedEntries(pagesOf(["b", "c"], ["d", "e"]), everything),
      { onlySource: note("source"), both: note("both"), onlyTarget: note("target") },
    );
    expect(told).toEqual(["source a", "both b", "target c", "both d", "target e"]);
  });

  it("waits for a handler before it goes on, and ends with either side", async () => {
    const steps: string[] = [];
    const slowly = (kind: string) => async (entry: { name: string }) => {
      steps.push(`${kind} ${entry.name}`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`done ${entry.name}`);
    };
    const handler = { onlySource: slowly("source"), both: slowly("both"), onlyTarget: slowly("target") };
    const listing = (...keys: string[]) => new ListedEntries(pagesOf(keys), everything);
    await merge(listing("a", "c"), listing("b", "c"), handler);
    await merge(listing("d"), listing(), handler);
    await merge(listing(), listing("e", "f"), handler);
    expect(steps).toEqual(
      ["source a", "target b", "both c", "source d", "target e", "target f"].flatMap((step) => [
        step,
        `done ${step.slice(-1)}`,
      ]),
    );
  });
});
