import { linkSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { RunningScript } from "../../../../src/paths/running-script.js";
import { Filters } from "../../../../src/s3/filters/filters.js";
import type { CopyOptions } from "../../../../src/s3/plan/copy-options.js";
import { type CpRequest, copy } from "../../../../src/s3/plan/cp.js";
import { sync } from "../../../../src/s3/plan/sync.js";
import { TransferQueue } from "../../../../src/s3/plan/transfer-queue.js";
import { sourceFolders } from "../../../../src/s3/plan/tree.js";
import { TreeUpload } from "../../../../src/s3/plan/tree-upload.js";
import type { LocalRules, Work } from "../../../../src/s3/plan/work.js";
import type { HeldFolders } from "../../../../src/s3/tree/held-folders.js";
import { LocalEntry } from "../../../../src/s3/tree/local-entries.js";
import { GONE } from "../../../../src/s3/tree/notices.js";
import { PART_SIZE } from "../../../../src/s3/uploads/part-size.js";
import { refusal } from "../../../support/memory-store.js";
import { openBelow } from "../../../support/open-below.js";
import { PlanWorld } from "../../../support/plan-world.js";

let world: PlanWorld;
beforeEach(() => {
  world = new PlanWorld();
});

const NO_RULE = { noOverwrite: false, ifSizeDiffer: false, ifSourceNewer: false };
const NO_OVERWRITE = { ...NO_RULE, noOverwrite: true };
const DENIED = refusal("s3-access-denied", 403);
const T = 1_000_000;

async function cpWith(work: Work, source: string, target: string, more: Partial<CpRequest> = {}) {
  const { recursive = true } = more;
  const route = world.route(source, target, recursive);
  const request = { raw: false, versionId: undefined, expectedSize: undefined, ...more };
  await copy(work, { ...request, route, recursive });
  return work.report.finish();
}
const cp = (
  source: string,
  target: string,
  options: Partial<CopyOptions> = {},
  more: Partial<CpRequest> = {},
  local: Partial<LocalRules> = {},
) => cpWith(world.work(options, local), source, target, more);

const said = () => world.said.filter((line) => line !== "summary");
const listings = () => world.store.asked.filter((line) => line.startsWith("ListObjectsV2"));

describe("a tree down", () => {
  it("leaves out the object that is named as the prefix: it has no name of its own", async () => {
    world.objects({ "p/": "x", "p/a": "1" });
    expect(await cp("s3://b/p/", "d")).toBe(2);
    expect(world.present).toEqual({ "d/a": "1" });
    expect(said()).toEqual([
      "warning: skipped-folder-name: Skipping file . Its name is empty.",
      "download: s3://b/p/a to d/a",
    ]);
  });

  it("is what is below the prefix, read as a folder", async () => {
    world.objects({ "p/a": "1", "p/in/b": "22", p: "x", "p2/c": "x", "p/marker/": "" });
    expect(await cp("s3://b/p", "d")).toBe(0);
    expect(world.present).toEqual({ "d/a": "1", "d/in/b": "22" });
    expect(said()).toEqual(["download: s3://b/p/a to d/a", "download: s3://b/p/in/b to d/in/b"]);
    expect(world.state).toMatchObject({
      files: 2,
      expectedFiles: 2,
      bytes: 3,
      expectedBytes: 3,
      final: true,
    });
    expect(openBelow(world.folder.path)).toEqual([]);
    const [listed] = listings();
    expect(listed).toBe("ListObjectsV2 b/p/");
    // Connections are made ahead for what will be read.
    expect(world.store.given.get("ListObjectsV2 b/p/")).toEqual({
      bucket: "b",
      prefix: "p/",
      isToRead: true,
    });
  });

  it("in a dry run makes nothing, and asks for nothing but the listing", async () => {
    world.objects({ "p/a": "1" });
    expect(await cp("s3://b/p", "d", { dryRun: true, pageSize: 3 })).toBe(0);
    expect(readdirSync(world.folder.path)).toEqual([]);
    expect(world.events[0]).toMatchObject({ event: "dryrun", size: 1 });
    expect(world.state).toBeUndefined();
    expect(world.requests).toEqual([]);
    expect(world.store.given.get("ListObjectsV2 b/p/")).toMatchObject({ pageSize: 3, isToRead: false });
  });

  it("is told to the store with what the listing told", async () => {
    world.objects({ "p/a": { body: "1", modified: T, etag: '"e"' } });
    await cp("s3://b/p", "d", { read: { checksumMode: "ENABLED" } });
    expect(world.store.given.get("GetObject b/p/a")).toMatchObject({
      checksumMode: "ENABLED",
      size: 1,
      listed: { etag: '"e"', lastModified: T },
    });
  });

  it("that is empty is a failure, and makes no folder; one that filters leave nothing of is none", async () => {
    await expect(cp("s3://b/p", "d")).rejects.toMatchObject({ id: "s3-source-empty" });
    await expect(cp("s3://b/p*", "d", {}, { recursive: false })).rejects.toMatchObject({
      id: "s3-nothing-matches",
    });
    expect(readdirSync(world.folder.path)).toEqual([]);
    world.objects({ "p/a": "1" });
    const filters = new Filters([{ includes: false, pattern: "a" }]);
    expect(await cp("s3://b/p", "d", { filters })).toBe(0);
    expect(await cp("s3://b/p/*", "d", { filters }, { recursive: false })).toBe(0);
    expect(world.present).toEqual({});
  });

  it.each([
    ["s3://b/p/x*", { x1: "1", "x/2": "2" }, "ListObjectsV2 b/p/x"],
    ["s3://b/p/?1", { x1: "1", y1: "3" }, "ListObjectsV2 b/p/"],
    ["s3://b/p*", { "p/x1": "1", "p/x/2": "2", "p/y1": "3" }, "ListObjectsV2 b/p"],
  ])("of wildcards, %s: names begin after the last slash before the first", async (source, files, listed) => {
    world.objects({ "p/x1": "1", "p/x/2": "2", "p/y1": "3", q: "4" });
    expect(await cp(source, "d", {}, { recursive: false })).toBe(0);
    const expected = Object.entries(files).map(([name, body]) => [`d/${name}`, body]);
    expect(world.present).toEqual(Object.fromEntries(expected));
    expect(world.store.given.get(listed)).toMatchObject({ isToRead: true });
  });

  it.each([
    ["s3://b/p", true],
    ["s3://b/p/*", false],
  ])("of %s is taken from a listing in any order", async (source, recursive) => {
    world.objects({ "p/a": "1", "p/b": "2" });
    world.store.unsorted.add("b/p/");
    expect(await cp(source, "d", {}, { recursive })).toBe(0);
    expect(world.present).toEqual({ "d/a": "1", "d/b": "2" });
  });

  it("has files of every name that its system takes", async () => {
    world.objects({ "p/a:b": "1", "p/con": "2", "p/x\\y": "3" });
    expect(await cp("s3://b/p", "d")).toBe(0);
    expect(world.present).toEqual({ "d/a:b": "1", "d/con": "2", "d/x\\y": "3" });
  });

  it("* is a character with --raw, or to a stream", async () => {
    world.objects({ "a*": "1", ab: "2" });
    expect(await cp("s3://b/a*", "x", {}, { recursive: false, raw: true })).toBe(0);
    expect(await cp("s3://b/a*", "-", { dryRun: true }, { recursive: false })).toBe(0);
    expect(world.present).toEqual({ x: "1" });
    expect(listings()).toEqual([]);
  });

  it("its totals are known when all is planned, and not before", async () => {
    world.objects({ "p/a": "1", "p/b": "1", "p/c": "1" });
    for (const [source, target] of [
      ["s3://b/p", "d"],
      ["d", "s3://c/up"],
      ["s3://b/p", "s3://c/across"],
    ] as const) {
      world.states.length = 0;
      await cpWith({ ...world.work(), queue: new TransferQueue(1) }, source, target);
      expect(world.states[0]).toMatchObject({ final: false });
      expect(world.state).toMatchObject({ files: 3 });
    }
  });

  it("an object that fails fails alone", async () => {
    world.objects({ "p/a": "1", "p/b": "1" });
    world.store.refusals.set("GetObject b/p/a", DENIED);
    expect(await cp("s3://b/p", "d")).toBe(1);
    expect(world.present).toEqual({ "d/b": "1" });
  });

  it("a listing that fails ends it once all that was begun is there", async () => {
    world.objects({ "p/a": "1" });
    world.store.refusals.set("ListObjectsV2 b/p/", DENIED);
    await expect(cp("s3://b/p", "d")).rejects.toBe(DENIED);
    expect(world.present).toEqual({ "d/a": "1" });
    expect(openBelow(world.folder.path)).toEqual([]);
  });

  it("a file in place of the folder is a failure", async () => {
    world.objects({ "p/a": "1" });
    world.files({ d: "mine" });
    await expect(cp("s3://b/p", "d")).rejects.toMatchObject({ id: "folder-is-file" });
    expect(world.present).toEqual({ d: "mine" });
  });

  it.each([
    ["p/../x", "skipped-unsafe-name: Skipping file ../x."],
    ["p/x/", "skipped-folder-name: Skipping file x/."],
    ["p//", "skipped-folder-name: Skipping file /."],
    ["p/.", "skipped-folder-name: Skipping file .."],
  ])("%s can be no file's name", async (key, words) => {
    world.objects({ [key]: "1", "p/y": "1" });
    expect(await cp("s3://b/p", "d")).toBe(2);
    expect(said().filter((line) => line.startsWith("warning"))).toEqual([expect.stringContaining(words)]);
    expect(world.present).toEqual({ "d/y": "1" });
  });

  it("a key that is a folder of another's stands, and the other is left out", async () => {
    world.objects({ "p/a": "1", "p/a/b": "2", "p/a.c": "3" });
    expect(await cp("s3://b/p", "d")).toBe(2);
    expect(world.present).toEqual({ "d/a": "1", "d/a.c": "3" });
    expect(said().filter((line) => line.includes("skipped-folder-clash: Skipping file a/b."))).toHaveLength(
      1,
    );
  });

  it.each([
    // There is such a key: the file is its.
    [["p//a", "p/a"], { a: "p/a" }, ["/a"]],
    // The first one of those that are not canonical.
    [["p/./a", "p//a"], { a: "p/./a" }, ["/a"]],
    [["p//a", "p/ab"], { a: "p//a", ab: "p/ab" }, []],
    [["p//a", "p/in/./a"], { a: "p//a", "in/a": "p/in/./a" }, []],
  ])("of keys that are one file, %j, one is taken", async (keys, files, left) => {
    world.objects(Object.fromEntries(keys.map((key) => [key, key])));
    expect(await cp("s3://b/p", "d")).toBe(left.length === 0 ? 0 : 2);
    const expected = Object.entries(files).map(([name, key]) => [`d/${name}`, key]);
    expect(world.present).toEqual(Object.fromEntries(expected));
    const warnings = said().filter((line) => line.startsWith("warning"));
    expect(warnings).toEqual(
      left.map((name) => `warning: skipped-same-file: Skipping file ${name}. Another key is the same file.`),
    );
  });

  it("a link in place of a folder is left out with a warning; a file there is a failure", async () => {
    world.objects({ "p/in/a": "1" });
    mkdirSync(world.folder.at("elsewhere"));
    mkdirSync(world.folder.at("d"));
    symlinkSync("../elsewhere", world.folder.at("d", "in"));
    for (const dryRun of [true, false]) {
      world.events.length = 0;
      expect(await cp("s3://b/p", "d", { dryRun })).toBe(2);
      expect(said()).toEqual([expect.stringContaining("warning: folder-is-link: Skipping file in/a. ")]);
    }
    expect(world.present).toEqual({});
    mkdirSync(world.folder.at("e"));
    world.files({ "e/in": "mine" });
    expect(await cp("s3://b/p", "e")).toBe(1);
    expect(said().at(-1)).toBe("failed: s3://b/p/in/a folder-is-file");
    expect(world.present).toEqual({ "e/in": "mine" });
  });

  it.each([
    [NO_OVERWRITE, "exists"],
    [{ ...NO_RULE, ifSizeDiffer: true }, "same size"],
    [{ ...NO_RULE, ifSourceNewer: true }, "not newer"],
  ])("%j leaves alone what is there: %s", async (overwrite, reason) => {
    world.objects({ "p/a": "1", "p/in/b": "1" });
    world.files({ "d/a": "x" });
    for (const dryRun of [true, false]) {
      expect(await cp("s3://b/p", "d", { overwrite, dryRun })).toBe(0);
      expect(said()).toContain(`skipped: s3://b/p/a ${reason}`);
    }
    expect(world.present).toEqual({ "d/a": "x", "d/in/b": "1" });
    expect(world.requests).toEqual(["GetObject b/p/in/b"]);
  });

  it("an object without a time is newer than nothing that is known: it is copied", async () => {
    world.objects({ "p/a": { body: "1" } });
    world.files({ "d/a": "x" });
    expect(await cp("s3://b/p", "d", { overwrite: { ...NO_RULE, ifSourceNewer: true } })).toBe(0);
    expect(world.present).toEqual({ "d/a": "1" });
  });

  it("tells of a time that was refused, and of what was not verified", async () => {
    world.objects({ "p/a": "1" });
    world.store.timeRefused = new Error("no times here");
    world.store.unverified = "it has none";
    expect(await cp("s3://b/p", "d")).toBe(2);
    expect(said()).toEqual([
      "unverified: s3://b/p/a it has none",
      "download: s3://b/p/a to d/a",
      "warning: time-refused: Successfully Downloaded d/a but was unable to update the last modified time. no times here",
    ]);
  });

  describe("the running file", () => {
    const running = () => ({ script: new RunningScript(world.folder.at("d", "fetch-creds.js")) });
    beforeEach(() => {
      world.files({ "d/fetch-creds.js": "running" });
      linkSync(world.folder.at("d", "fetch-creds.js"), world.folder.at("d", "same"));
    });

    it("is not replaced, nor said to be in a dry run", async () => {
      world.objects({ "p/fetch-creds.js": "1", "p/same": "1", "p/other": "1" });
      for (const dryRun of [true, false]) {
        world.events.length = 0;
        expect(await cp("s3://b/p", "d", { dryRun }, {}, running())).toBe(1);
        expect(said().filter((line) => line.startsWith("failed"))).toEqual(
          ["fetch-creds.js", "same"].map((name) => `failed: s3://b/p/${name} running-script`),
        );
        expect(said().filter((line) => line.includes("download: "))).toHaveLength(1);
      }
      expect(world.present).toEqual({ "d/fetch-creds.js": "running", "d/other": "1", "d/same": "running" });
    });

    it("is not deleted, nor said to be", async () => {
      world.objects({ "p/a": "1" });
      for (const dryRun of [true, false]) {
        world.events.length = 0;
        const work = world.work({ dryRun }, running());
        const route = world.route("s3://b/p", "d", true);
        await sync(work, { route, delete: true, sizeOnly: false, exactTimestamps: false });
        expect(said().filter((line) => line.includes("delete:"))).toEqual([]);
        expect(said().filter((line) => line.startsWith("failed"))).toHaveLength(2);
      }
      expect(world.present).toMatchObject({ "d/fetch-creds.js": "running" });
    });
  });
});

describe("--case-conflict", () => {
  const objects = { "p/A": "1", "p/a": "2" };
  it.each([
    ["ignore", 0, { "d/A": "1", "d/a": "2" }, undefined],
    ["skip", 0, { "d/A": "1" }, "Skipping s3://b/p/a -> d/a because"],
    ["warn", 0, { "d/A": "1", "d/a": "2" }, "Downloading s3://b/p/a -> d/a despite"],
  ] as const)("%s, where names are told apart", async (caseConflict, code, files, words) => {
    world.objects(objects);
    expect(await cp("s3://b/p", "d", { caseConflict })).toBe(code);
    expect(world.present).toEqual(files);
    const warnings = said().filter((line) => line.startsWith("warning"));
    expect(warnings).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
  });

  it("error ends it at the second of the two", async () => {
    world.objects({ ...objects, "p/z": "3" });
    await expect(cp("s3://b/p", "d", { caseConflict: "error" })).rejects.toMatchObject({
      id: "case-conflict",
    });
    expect(world.present).toEqual({ "d/A": "1" });
  });
});

describe("a tree up", () => {
  it("goes to keys below the prefix, read as a folder", async () => {
    world.files({ "d/a.txt": "1", "d/in/b": "22" });
    expect(await cp("d", "s3://b/p")).toBe(0);
    expect(world.stored).toEqual({ "b/p/a.txt": "1", "b/p/in/b": "22" });
    expect(said()).toEqual(["upload: d/a.txt to s3://b/p/a.txt", "upload: d/in/b to s3://b/p/in/b"]);
    expect(world.state).toMatchObject({
      files: 2,
      expectedFiles: 2,
      bytes: 3,
      expectedBytes: 3,
      final: true,
    });
    expect(openBelow(world.folder.path)).toEqual([]);
    expect(world.store.given.get("PutObject b/p/a.txt")).toMatchObject({ contentType: "text/plain" });
  });

  it("in a dry run sends nothing, and expects nothing", async () => {
    world.files({ "d/a": "1" });
    expect(await cp("d", "s3://b/p", { dryRun: true })).toBe(0);
    expect(world.events[0]).toMatchObject({ event: "dryrun", size: 1 });
    expect(world.requests).toEqual([]);
    expect(world.state).toBeUndefined();
  });

  it("links below it are followed, or left out", async () => {
    world.files({ "d/a": "1", outside: "2" });
    symlinkSync("../outside", world.folder.at("d", "link"));
    mkdirSync(world.folder.at("far"));
    world.files({ "far/c": "3" });
    symlinkSync("../far", world.folder.at("d", "tree"));
    expect(await cp("d", "s3://b/p", { followSymlinks: false })).toBe(0);
    expect(world.stored).toEqual({ "b/p/a": "1" });
    expect(await cp("d", "s3://b/p")).toBe(0);
    expect(world.stored).toEqual({ "b/p/a": "1", "b/p/link": "2", "b/p/tree/c": "3" });
  });

  it("filters are relative to it, or by absolute path; a folder that they leave out is not opened", async () => {
    world.files({ "d/a": "1", "d/a.log": "2", "d/logs/a": "3", "d/abs": "4" });
    symlinkSync(".", world.folder.at("d", "logs", "loop"));
    const patterns = ["*.log", "logs/*", world.folder.at("d", "abs")];
    const filters = new Filters(patterns.map((pattern) => ({ includes: false, pattern })));
    expect(await cp("d", "s3://b/p", { filters })).toBe(0);
    expect(world.stored).toEqual({ "b/p/a": "1" });
  });

  it("a file that fails fails alone; one that is none is left out with a warning", async () => {
    world.files({ "d/a": "1", "d/b": "1" });
    symlinkSync("nowhere", world.folder.at("d", "broken"));
    world.store.refusals.set("PutObject b/p/a", DENIED);
    expect(await cp("d", "s3://b/p")).toBe(1);
    expect(world.stored).toEqual({ "b/p/b": "1" });
    expect(said()).toContain("warning: skipped-missing: Skipping file ROOT/d/broken. File does not exist.");
  });

  it("that is not there is a failure", async () => {
    await expect(cp("none", "s3://b/p")).rejects.toMatchObject({ id: "path-missing" });
  });
});

describe("what cannot be read of a tree", () => {
  const stats = (more: { uid?: number; mode?: number }) => ({
    size: 1,
    mtimeMs: T,
    uid: 7,
    mode: 0o600,
    ...more,
  });
  /** Whether a file is admitted, how often the system was asked, and what was said. */
  function admits(seen: ReturnType<typeof stats> | undefined, code?: string, ours?: number) {
    let asked = 0;
    const folders = {
      inFolder: () => {
        asked++;
        if (code !== undefined) throw Object.assign(new Error(code), { code });
      },
    } as unknown as HeldFolders;
    const upload = new TreeUpload(world.work({}, { uid: ours as number }), "/d", folders, "b", "p/");
    const entry = new LocalEntry("a", "/d/a", () => seen as never);
    return { admits: upload.admits(entry), asked, said: said() };
  }

  it("a file of ours that we may read is not asked for", () => {
    expect(admits(stats({}), undefined, 7)).toEqual({ admits: true, asked: 0, said: [] });
  });

  it.each([
    ["of ours without the bit for it", stats({ mode: 0o077 }), 7],
    ["of somebody else", stats({ uid: 8 }), 7],
    ["where users are not known", stats({}), undefined],
    ["of whom a user namespace does not know", stats({ uid: 65_534 }), 65_534],
  ])("one %s is", (_, seen, ours) => {
    expect(admits(seen, undefined, ours)).toMatchObject({ admits: true, asked: 1 });
    expect(admits(seen, "EACCES", ours)).toMatchObject({
      admits: false,
      said: ["warning: skipped-unreadable: Skipping file /d/a. File/Directory is not readable."],
    });
  });

  it("one that has gone is said to be missing", () => {
    const words = "warning: skipped-missing: Skipping file /d/a. File does not exist.";
    expect(admits(stats({ uid: 8 }), "ENOENT", 7)).toMatchObject({ admits: false, said: [words] });
    expect(admits(undefined)).toMatchObject({ admits: false, said: [words, words] });
  });

  it("one that the walk has warned of is left out without another word", () => {
    const folders = {} as HeldFolders;
    const upload = new TreeUpload(world.work(), "/d", folders, "b", "p/");
    const entry = new LocalEntry("a", "/d/a", () => stats({}) as never, GONE);
    expect(upload.admits(entry)).toBe(false);
    expect(upload.submit(entry)).toBeUndefined();
    expect(said()).toEqual([]);
  });

  it("one that cannot be read is not sent", async () => {
    const inFolder = () => {
      throw Object.assign(new Error("EACCES"), { code: "EACCES" });
    };
    const work = world.work({}, { uid: 7 });
    const upload = new TreeUpload(work, "/d", { inFolder } as unknown as HeldFolders, "b", "p/");
    expect(upload.submit(new LocalEntry("a", "/d/a", () => stats({ uid: 8 }) as never))).toBeUndefined();
    await work.queue.idle();
    expect(world.store.asked).toEqual([]);
    expect(said()).toHaveLength(1);
  });

  it("a folder that has gone is not made again", () => {
    const folders = sourceFolders(world.work(), world.folder.at("gone"));
    expect(() => folders.hold("")).toThrow();
    expect(readdirSync(world.folder.path)).toEqual([]);
  });
});

describe("a tree across", () => {
  it("goes to keys below the prefix", async () => {
    world.objects({ "p/a": { body: "1", modified: T, etag: '"e"' }, "p/in/b": "22" });
    expect(await cp("s3://b/p", "s3://c/q")).toBe(0);
    expect(world.stored).toMatchObject({ "c/q/a": "1", "c/q/in/b": "22" });
    expect(world.requests).toEqual(["CopyObject c/q/a", "CopyObject c/q/in/b"]);
    expect(world.store.given.get("CopyObject c/q/a")).toMatchObject({ known: { size: 1, etag: '"e"' } });
    expect(world.state).toMatchObject({
      files: 2,
      expectedFiles: 2,
      bytes: 3,
      expectedBytes: 3,
      final: true,
    });
    expect(world.store.given.get("ListObjectsV2 b/p/")).toMatchObject({ isToRead: false });
  });

  it("that is empty is a failure", async () => {
    await expect(cp("s3://b/p", "s3://c/q")).rejects.toMatchObject({ id: "s3-source-empty" });
    await expect(cp("s3://b/p*", "s3://c/q", {}, { recursive: false })).rejects.toMatchObject({
      id: "s3-nothing-matches",
    });
  });

  it("in a dry run copies nothing, and expects nothing", async () => {
    world.objects({ "p/a": "1" });
    expect(await cp("s3://b/p", "s3://c/q", { dryRun: true })).toBe(0);
    expect(said()).toEqual(["(dryrun) copy: s3://b/p/a to s3://c/q/a"]);
    expect(world.requests).toEqual([]);
    expect(world.state).toBeUndefined();
  });

  describe("with --no-overwrite", () => {
    beforeEach(() => {
      world.objects({ "p/a": "1", "p/b": "1" });
      world.store.objects.set("c/q/a", { body: "theirs" });
    });

    it.each([
      [false, false, ["CopyObject c/q/b"]],
      [false, true, []],
      [true, true, []],
      [true, false, ["CopyObject c/q/a", "CopyObject c/q/b"]],
    ])(
      "on Amazon S3: %s, dry run: %s, the target is listed where S3 does not mind the condition",
      async (isAmazon, dryRun, requests) => {
        world.store.isAmazon = isAmazon;
        expect(await cp("s3://b/p", "s3://c/q", { overwrite: NO_OVERWRITE, dryRun })).toBe(0);
        expect(world.requests).toEqual(requests);
        expect(listings().includes("ListObjectsV2 c/q/")).toBe(dryRun || !isAmazon);
        expect(said()).toContain("skipped: s3://b/p/a exists");
        expect(world.stored["c/q/a"]).toBe("theirs");
      },
    );

    it("where it may not be listed each object is looked at", async () => {
      world.store.refusals.set("ListObjectsV2 c/q/", DENIED);
      world.store.objects.delete("c/q/a");
      expect(await cp("s3://b/p", "s3://c/q", { overwrite: NO_OVERWRITE })).toBe(0);
      expect(world.requests.sort()).toEqual(
        ["a", "b"].flatMap((name) => [`CopyObject c/q/${name}`, `HeadObject c/q/${name}`]).sort(),
      );
    });

    it("the listing of the target is left when all is planned", async () => {
      const left: string[] = [];
      const list = world.store.list.bind(world.store);
      world.store.list = async function* (query) {
        try {
          yield* list(query);
        } finally {
          left.push(query.bucket);
        }
      };
      for (const name of ["x", "y", "z"]) world.store.objects.set(`c/q/${name}`, { body: "theirs" });
      expect(await cp("s3://b/p", "s3://c/q", { overwrite: NO_OVERWRITE, pageSize: 1 })).toBe(0);
      expect(left.sort()).toEqual(["b", "c"]);
    });

    it("without it the target is not looked at", async () => {
      expect(await cp("s3://b/p", "s3://c/q")).toBe(0);
      expect(listings()).toEqual(["ListObjectsV2 b/p/"]);
      expect(world.stored["c/q/a"]).toBe("1");
    });
  });

  it("a large object's target is looked at before its many requests", async () => {
    world.store.isAmazon = true;
    world.objects({ "p/a": "x".repeat(PART_SIZE), "p/b": "x".repeat(PART_SIZE - 1) });
    expect(await cp("s3://b/p", "s3://c/q", { overwrite: NO_OVERWRITE })).toBe(0);
    expect(world.requests.filter((line) => line.startsWith("HeadObject"))).toEqual(["HeadObject c/q/a"]);
  });

  it("no more are under way at once than the queue takes", async () => {
    world.objects(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p/${index}`, "1"])));
    expect(await cp("s3://b/p", "s3://c/q")).toBe(0);
    expect(world.store.most).toBe(192);
  });
});
