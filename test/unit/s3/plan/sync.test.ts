import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { RunningScript } from "../../../../src/paths/running-script.js";
import { Filters } from "../../../../src/s3/filters/filters.js";
import { parseRoute } from "../../../../src/s3/locations/location.js";
import type { CopyOptions } from "../../../../src/s3/plan/copy-options.js";
import { type SyncRequest, sync } from "../../../../src/s3/plan/sync.js";
import { TransferQueue } from "../../../../src/s3/plan/transfer-queue.js";
import type { Work } from "../../../../src/s3/plan/work.js";
import { refusal } from "../../../support/memory-store.js";
import { openBelow } from "../../../support/open-below.js";
import { PlanWorld } from "../../../support/plan-world.js";

let world: PlanWorld;
beforeEach(() => {
  world = new PlanWorld();
});

const T = 1_000_000;
const OPERANDS = {
  down: ["s3://b/p", "d"],
  up: ["d", "s3://b/p"],
  across: ["s3://c/q", "s3://b/p"],
} as const;
type Way = keyof typeof OPERANDS;
const WAYS = Object.keys(OPERANDS) as Way[];

/** Puts the same into a place, whatever it is. */
function put(operand: string, contents: Readonly<Record<string, string>>, modified = T): void {
  for (const [name, body] of Object.entries(contents)) {
    if (operand === "d") world.files({ [`d/${name}`]: body }, modified);
    else world.store.objects.set(`${operand.slice("s3://".length)}/${name}`, { body, modified });
  }
}

/** What is in a place. */
function contentsOf(operand: string): Record<string, string> {
  const [all, prefix] = operand === "d" ? [world.present, "d/"] : [world.stored, `${operand.slice(5)}/`];
  const below = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(below.map(([name, body]) => [name.slice(prefix.length), body]));
}

async function run(way: Way, more: Partial<SyncRequest> = {}, options: Partial<CopyOptions> = {}) {
  const work = world.work(options);
  await runWith(work, way, more);
  return work.report.finish();
}

async function runWith(work: Work, way: Way, more: Partial<SyncRequest> = {}): Promise<void> {
  const [source, target] = OPERANDS[way];
  const route = world.route(source, target, true);
  await sync(work, { route, delete: false, sizeOnly: false, exactTimestamps: false, ...more });
}

/** The names that a run has copied or deleted, or in a dry run would have, or could not. */
function namesOf(kind: "copied" | "deleted" | "failed"): string[] {
  return world.events.flatMap((event) => {
    if (event.event !== "done" && event.event !== "dryrun" && event.event !== "failed") return [];
    const how = event.transfer.operation === "delete" ? "deleted" : "copied";
    return (event.event === "failed" ? "failed" : how) === kind ? [lastOf(event.transfer.source)] : [];
  });
}
const lastOf = (path: string) => path.replace(/^(?:s3:\/\/(?:b\/p|c\/q)|.*\bd)\//, "");

describe.each(WAYS)("sync %s", (way) => {
  const [source, target] = OPERANDS[way];

  it("copies what is missing, of another size, or changed since, and nothing twice", async () => {
    put(source, { missing: "1", "in/missing": "1", size: "12", same: "1", "source newer": "1" });
    put(source, { "target newer": "1" });
    put(target, { size: "1", same: "x" });
    put(target, { extra: "x" });
    put(target, { "source newer": "x" }, T - 1000);
    put(target, { "target newer": "x" }, T + 1000);
    expect(await run(way)).toBe(0);
    const changed = way === "down" ? "target newer" : "source newer";
    expect(namesOf("copied").sort()).toEqual(["in/missing", "missing", "size", changed].sort());
    const unchanged = way === "down" ? "source newer" : "target newer";
    expect(contentsOf(target)).toEqual({
      missing: "1",
      "in/missing": "1",
      size: "12",
      same: "x",
      extra: "x",
      [changed]: "1",
      [unchanged]: "x",
    });
    expect(world.state).toMatchObject({
      files: 4,
      expectedFiles: 4,
      bytes: 5,
      expectedBytes: 5,
      final: true,
    });
    const before = world.requests.length;
    expect(await run(way)).toBe(0);
    expect(world.requests).toHaveLength(before);
  });

  it("--size-only copies what is missing or of another size", async () => {
    put(source, { missing: "1", size: "12", older: "1", newer: "1" });
    put(target, { size: "1" });
    put(target, { older: "x" }, T - 1000);
    put(target, { newer: "x" }, T + 1000);
    expect(await run(way, { sizeOnly: true })).toBe(0);
    expect(namesOf("copied").sort()).toEqual(["missing", "size"]);
  });

  it("--exact-timestamps is heeded by downloads alone", async () => {
    put(source, { older: "1", newer: "1", same: "1" });
    put(target, { older: "x" }, T - 1000);
    put(target, { newer: "x" }, T + 1000);
    put(target, { same: "x" });
    expect(await run(way, { exactTimestamps: true })).toBe(0);
    expect(namesOf("copied").sort()).toEqual(way === "down" ? ["newer", "older"] : ["older"]);
  });

  it("--no-overwrite copies what is missing alone", async () => {
    put(source, { missing: "1", size: "12", other: "1" });
    put(target, { size: "1" });
    put(target, { other: "x" }, way === "down" ? T + 1000 : T - 1000);
    expect(await run(way, {}, { overwrite: { ...NO_RULE, noOverwrite: true } })).toBe(0);
    expect(namesOf("copied")).toEqual(["missing"]);
    expect(contentsOf(target)).toEqual({ missing: "1", size: "1", other: "x" });
    expect(world.requests).toHaveLength(1);
  });

  it("--delete removes what the source does not have, when all is copied", async () => {
    put(source, { a: "1", "in/b": "1" });
    put(target, { a: "1", extra: "x", "in/extra": "x", z: "x" });
    expect(await run(way, { delete: true })).toBe(0);
    expect(namesOf("deleted")).toEqual(["extra", "in/extra", "z"]);
    expect(contentsOf(target)).toEqual({ a: "1", "in/b": "1" });
    expect(world.state).toMatchObject({ bytes: 1, expectedBytes: 1, final: true });
    if (way !== "down") expect(world.state).toMatchObject({ files: 4, expectedFiles: 4 });
    for (const [line, given] of world.store.given)
      if (line.startsWith("ListObjectsV2")) expect(given).toMatchObject({ isToRead: false });
    const last = world.events.findLastIndex(
      (event) => "transfer" in event && event.transfer.operation !== "delete",
    );
    const first = world.events.findIndex(
      (event) => "transfer" in event && event.transfer.operation === "delete",
    );
    expect(last).toBeLessThan(first);
  });

  it("--delete --dryrun says both, does neither, and counts nothing as done or expected", async () => {
    put(source, { a: "1", same: "1" });
    put(target, { extra: "x", same: "1" });
    expect(await run(way, { delete: true }, { dryRun: true })).toBe(0);
    expect(world.said.filter((line) => !line.startsWith("(dryrun) "))).toEqual(["summary"]);
    expect([namesOf("copied"), namesOf("deleted")]).toEqual([["a"], ["extra"]]);
    expect(contentsOf(target)).toEqual({ extra: "x", same: "1" });
    expect(world.state).toBeUndefined();
  });

  it("neither copies nor deletes what a filter leaves out", async () => {
    put(source, { a: "1", "a.log": "1", "logs/a": "1" });
    put(target, { extra: "x", "extra.log": "x", "logs/extra": "x" });
    const filters = new Filters(["*.log", "logs/*"].map((pattern) => ({ includes: false, pattern })));
    expect(await run(way, { delete: true }, { filters })).toBe(0);
    expect([namesOf("copied"), namesOf("deleted")]).toEqual([["a"], ["extra"]]);
    expect(contentsOf(target)).toEqual({ a: "1", "extra.log": "x", "logs/extra": "x" });
  });

  it.each([1, 2])("deletes nothing when transfers have failed: %d", async (count) => {
    put(source, { a: "1", b: "1", c: "1" });
    put(target, { extra: "x" });
    const [operation, place] = {
      down: ["GetObject", "b/p"],
      up: ["PutObject", "b/p"],
      across: ["CopyObject", "b/p"],
    }[way];
    for (const name of ["a", "b"].slice(0, count))
      world.store.refusals.set(`${operation} ${place}/${name}`, refusal("s3-access-denied", 403));
    expect(await run(way, { delete: true })).toBe(1);
    expect(namesOf("failed")).toHaveLength(count);
    expect(contentsOf(target)).toHaveProperty("extra", "x");
    expect(contentsOf(target)).toHaveProperty("c", "1");
    const words = count === 1 ? "a transfer failed" : "2 transfers failed";
    expect(world.said).toContain(`warning: deletes-left-out: Nothing was deleted, because ${words}.`);
  });

  it("says nothing of deletes after a failure when there were none to make", async () => {
    put(source, { a: "1" });
    world.store.refusals.set("GetObject b/p/a", refusal("s3-access-denied", 403));
    world.store.refusals.set("PutObject b/p/a", refusal("s3-access-denied", 403));
    world.store.refusals.set("CopyObject b/p/a", refusal("s3-access-denied", 403));
    expect(await run(way, { delete: true })).toBe(1);
    expect(world.said.join()).not.toContain("deletes-left-out");
  });

  it("knows its totals when all is planned, and not before", async () => {
    put(source, { a: "1", b: "1", c: "1" });
    await runWith({ ...world.work(), queue: new TransferQueue(1) }, way);
    expect(world.states.map(({ files, final }) => ({ files, final }))).toContainEqual({
      files: 1,
      final: false,
    });
    expect(world.state).toMatchObject({ files: 3 });
  });

  it("deletes nothing after a signal", async () => {
    put(source, { a: "1" });
    put(target, { extra: "x" });
    const work = world.work();
    work.queue.stop();
    await runWith(work, way, { delete: true });
    expect(contentsOf(target)).toEqual({ extra: "x" });
    expect(world.said).toEqual([]);
  });

  it("a delete that fails is one, and those after it are made", async () => {
    put(source, { a: "1" });
    put(target, { a: "1", x: "x", y: "x" });
    world.store.refusals.set("DeleteObject b/p/x", refusal("s3-access-denied", 403));
    // What fails to be deleted here, root included.
    const work = world.work(
      {},
      { script: new RunningScript(way === "down" ? world.folder.at("d", "x") : "") },
    );
    await runWith(work, way, { delete: true });
    expect(work.report.finish()).toBe(1);
    expect([namesOf("failed"), namesOf("deleted")]).toEqual([["x"], ["y"]]);
    expect(contentsOf(target)).toEqual({ a: "1", x: "x" });
  });
});

const NO_RULE = { noOverwrite: false, ifSizeDiffer: false, ifSourceNewer: false };

describe("sync --delete deletes nothing", () => {
  it.each(["down", "across"] as const)("%s from an empty source, which is a failure", async (way) => {
    put(OPERANDS[way][1], { extra: "x" });
    await expect(run(way, { delete: true })).rejects.toMatchObject({ id: "s3-source-empty" });
    expect(contentsOf(OPERANDS[way][1])).toEqual({ extra: "x" });
    expect(world.said).toEqual([]);
  });

  it("but from an empty folder everything, as with the AWS CLI", async () => {
    mkdirSync(world.folder.at("d"));
    put("s3://b/p", { extra: "x" });
    expect(await run("up", { delete: true })).toBe(0);
    expect(namesOf("deleted")).toEqual(["extra"]);
  });

  const LISTINGS = [
    ["down", "b/p/"],
    ["up", "b/p/"],
    ["across", "c/q/"],
    ["across", "b/p/"],
  ] as const;
  it.each(LISTINGS)("%s when the listing of %s fails, and says so", async (way, prefix) => {
    put(OPERANDS[way][0], { a: "1" });
    put(OPERANDS[way][1], { extra: "x" });
    world.store.refusals.set(`ListObjectsV2 ${prefix}`, refusal("s3-access-denied", 403));
    await expect(run(way, { delete: true })).rejects.toMatchObject({ id: "s3-access-denied" });
    const saved = way === "down" ? { a: "1" } : {};
    expect(contentsOf(OPERANDS[way][1])).toMatchObject({ ...saved, extra: "x" });
    if (way === "down") expect(openBelow(world.folder.path)).toEqual([]);
    const words = "the source and the destination were not compared to their end";
    expect(world.said).toContain(`warning: deletes-left-out: Nothing was deleted, because ${words}.`);
  });

  it("and does not speak of it where nothing was to be deleted", async () => {
    put("s3://b/p", { a: "1" });
    world.store.refusals.set("ListObjectsV2 b/p/", refusal("s3-access-denied", 403));
    await expect(run("down")).rejects.toMatchObject({ id: "s3-access-denied" });
    expect(world.said.join()).not.toContain("warning");
  });

  it.each(LISTINGS)(
    "%s when the listing of %s is in another order than that of bytes",
    async (way, prefix) => {
      put(OPERANDS[way][0], { a: "1", b: "1" });
      put(OPERANDS[way][1], { x: "x", y: "x" });
      world.store.unsorted.add(prefix);
      await expect(run(way, { delete: true })).rejects.toMatchObject({ id: "s3-listing-unsorted" });
      expect(contentsOf(OPERANDS[way][1])).toMatchObject({ x: "x", y: "x" });
    },
  );

  it.each(LISTINGS)("%s when the listing of %s is in doubt", async (way, prefix) => {
    put(OPERANDS[way][0], { a: "1" });
    put(OPERANDS[way][1], { extra: "x" });
    world.store.doubts.set(prefix, "it may lack objects");
    expect(await run(way, { delete: true })).toBe(2);
    expect(contentsOf(OPERANDS[way][1])).toEqual({ a: "1", extra: "x" });
    expect(world.said).toContain(
      "warning: deletes-left-out: Nothing was deleted, because it may lack objects.",
    );
  });

  it("down when no object of the source can be a file", async () => {
    put("s3://b/p", { "..": "1", "a/../b": "1" });
    put("d", { extra: "x" });
    expect(await run("down", { delete: true })).toBe(2);
    expect(contentsOf("d")).toEqual({ extra: "x" });
    const words = "no object of the source can be a file here";
    expect(world.said).toContain(`warning: deletes-left-out: Nothing was deleted, because ${words}.`);
  });

  it("but does when one of them can", async () => {
    put("s3://b/p", { "..": "1", b: "1" });
    put("d", { extra: "x" });
    expect(await run("down", { delete: true })).toBe(2);
    expect(contentsOf("d")).toEqual({ b: "1" });
  });

  it("up when links loop below the source, even when nothing is left over", async () => {
    put("d", { a: "1" });
    symlinkSync("loop", world.folder.at("d", "loop"));
    put("s3://b/p", { a: "1" });
    expect(await run("up")).toBe(2);
    expect(world.said.join()).not.toContain("deletes-left-out");
    expect(await run("up", { delete: true })).toBe(2);
    const words = `the folder ROOT/d/loop could not be read`;
    expect(world.said).toContain(`warning: deletes-left-out: Nothing was deleted, because ${words}.`);
  });

  it("of links: neither what they lead to, nor, of a loop, anything", async () => {
    put("s3://b/p", { a: "1" });
    put("d", { a: "1", extra: "x" });
    symlinkSync("loop", world.folder.at("d", "loop"));
    expect(await run("down", { delete: true })).toBe(2);
    expect(contentsOf("d")).toMatchObject({ extra: "x" });
  });
});

describe("sync down", () => {
  it("into a folder that is not there makes it; a dry run makes none", async () => {
    put("s3://b/p", { a: "1" });
    expect(await run("down", {}, { dryRun: true })).toBe(0);
    expect(existsSync(world.folder.at("d"))).toBe(false);
    expect(namesOf("copied")).toEqual(["a"]);
    expect(await run("down")).toBe(0);
    expect(contentsOf("d")).toEqual({ a: "1" });
  });

  it("makes no folder for an empty source", async () => {
    await expect(run("down")).rejects.toMatchObject({ id: "s3-source-empty" });
    expect(readdirSync(world.folder.path)).toEqual([]);
  });

  it("of what filters leave nothing of copies nothing, and is no failure", async () => {
    put("s3://b/p", { a: "1" });
    expect(await run("down", {}, { filters: new Filters([{ includes: false, pattern: "*" }]) })).toBe(0);
    expect(contentsOf("d")).toEqual({});
  });

  it("copies what a server gives no time for", async () => {
    world.objects({ "p/a": { body: "1" } });
    put("d", { a: "x" });
    expect(await run("down")).toBe(0);
    expect(contentsOf("d")).toEqual({ a: "1" });
  });

  it("takes a link that leads nowhere for no file: it is replaced, and one that is left over stays", async () => {
    put("s3://b/p", { a: "1" });
    mkdirSync(world.folder.at("d"));
    symlinkSync("nowhere", world.folder.at("d", "a"));
    symlinkSync("nowhere", world.folder.at("d", "z"));
    expect(await run("down", { delete: true })).toBe(2);
    expect(contentsOf("d")).toEqual({ a: "1" });
    expect(readdirSync(world.folder.at("d"))).toEqual(["a", "z"]);
  });

  it("writes a key that is not canonical to its canonical name, and does not delete that", async () => {
    put("s3://b/p", { "/a": "1", "in//b": "1" });
    put("d", { extra: "x" });
    for (const [dryRun, deleted] of [
      [false, ["extra"]],
      [true, []],
      [false, []],
    ] as const) {
      world.events.length = 0;
      expect(await run("down", { delete: true }, { dryRun })).toBe(0);
      expect(contentsOf("d")).toEqual({ a: "1", "in/b": "1" });
      expect(namesOf("deleted")).toEqual(deleted);
    }
  });

  it("does not delete the file of a key that is not canonical when that is left alone", async () => {
    put("s3://b/p", { "A/x": "1" });
    world.objects({ "p//in": { body: "1", modified: T, storageClass: "GLACIER" }, "p/a//x": "1" });
    put("d", { in: "mine", "a/x": "mine", extra: "x" });
    expect(await run("down", { delete: true }, { caseConflict: "skip" })).toBe(2);
    expect(contentsOf("d")).toEqual({ "A/x": "1", "a/x": "mine", in: "mine" });
  });

  it("does not follow a link to a folder: what it leads to is neither compared nor deleted", async () => {
    put("s3://b/p", { a: "1" });
    put("d", { a: "1" });
    world.files({ "outside/x": "theirs" });
    symlinkSync("../outside", world.folder.at("d", "link"));
    expect(await run("down", { delete: true })).toBe(0);
    expect(world.present).toMatchObject({ "d/a": "1", "outside/x": "theirs" });
  });

  it("leaves no folder open", async () => {
    put("s3://b/p", { "x/a": "1", "y/a": "1" });
    expect(await run("down", { delete: true })).toBe(0);
    expect(openBelow(world.folder.path)).toEqual([]);
  });
});

describe("sync up", () => {
  it("leaves no folder open, and no files of another run's making are sent", async () => {
    put("d", { "x/a": "1", ".a.1_abc_2_3.fetch-creds": "half" });
    expect(await run("up")).toBe(0);
    expect(contentsOf("s3://b/p")).toEqual({ "x/a": "1" });
    expect(openBelow(world.folder.path)).toEqual([]);
  });

  it("from a folder that is not there is a failure", async () => {
    await expect(run("up")).rejects.toMatchObject({ id: "path-missing" });
  });
});

describe("sync --delete", () => {
  it("keeps what a filter leaves out by its name, though another takes it in by its path", async () => {
    put("d", { a: "1" });
    put("s3://b/p", { "extra.log": "x", extra: "x" });
    const filters = new Filters([
      { includes: false, pattern: "*.log" },
      { includes: true, pattern: `${world.folder.at("d")}/*` },
    ]);
    expect(await run("up", { delete: true }, { filters })).toBe(0);
    expect(contentsOf("s3://b/p")).toEqual({ a: "1", "extra.log": "x" });
  });

  it("has no more requests under way than transfers", async () => {
    put("s3://c/q", { a: "1" });
    put("s3://b/p", Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x${index}`, "x"])));
    expect(await run("across", { delete: true })).toBe(0);
    expect(contentsOf("s3://b/p")).toEqual({ a: "1" });
    expect(world.store.most).toBe(192);
  });
});

describe("sync up of links", () => {
  it("follows one to a folder", async () => {
    put("d", { a: "1" });
    world.files({ "outside/x": "1" });
    symlinkSync("../outside", world.folder.at("d", "link"));
    expect(await run("up")).toBe(0);
    expect(contentsOf("s3://b/p")).toEqual({ a: "1", "link/x": "1" });
  });

  it("warns once of one that leads nowhere, and keeps its object", async () => {
    put("d", { a: "1" });
    symlinkSync("nowhere", world.folder.at("d", "broken"));
    put("s3://b/p", { a: "1", broken: "x" });
    expect(await run("up", { delete: true })).toBe(2);
    expect(contentsOf("s3://b/p")).toEqual({ a: "1", broken: "x" });
    expect(world.said).toEqual([
      "warning: skipped-missing: Skipping file ROOT/d/broken. File does not exist.",
      "summary",
    ]);
  });
});

describe("sync across", () => {
  it("is not compared where a listing is in doubt: each object that it does not show is looked at", async () => {
    put("s3://c/q", { a: "1" });
    const overwrite = { ...NO_RULE, noOverwrite: true };
    expect(await run("across", {}, { overwrite })).toBe(0);
    expect(world.requests).toEqual(["CopyObject b/p/a"]);
    put("s3://c/q", { b: "1" });
    world.store.doubts.set("b/p/", "it may lack objects");
    expect(await run("across", {}, { overwrite })).toBe(0);
    expect(world.requests).toEqual(["CopyObject b/p/a", "HeadObject b/p/b", "CopyObject b/p/b"]);
  });
});

it("a route without an S3 side is a mistake of ours", () => {
  const local = { kind: "local", path: "a" } as const;
  const route = { ...parseRoute("s3://b/p", "a", true), source: local };
  const request = { route, delete: false, sizeOnly: false, exactTimestamps: false };
  return expect(sync(world.work(), request)).rejects.toThrow("a route has an S3 side");
});
