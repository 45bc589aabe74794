import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { usageFailure } from "../../../../src/failure.js";
import { RunningScript } from "../../../../src/paths/running-script.js";
import { readerGone } from "../../../../src/s3/failures.js";
import { Filters } from "../../../../src/s3/filters/filters.js";
import type { CopyOptions } from "../../../../src/s3/plan/copy-options.js";
import { type CpRequest, copy } from "../../../../src/s3/plan/cp.js";
import { PART_SIZE } from "../../../../src/s3/uploads/part-size.js";
import { refusal } from "../../../support/memory-store.js";
import { openBelow } from "../../../support/open-below.js";
import { PlanWorld } from "../../../support/plan-world.js";

let world: PlanWorld;
beforeEach(() => {
  world = new PlanWorld();
});

const T = 1_000_000;
const NO_RULE = { noOverwrite: false, ifSizeDiffer: false, ifSourceNewer: false };
const NO_OVERWRITE = { ...NO_RULE, noOverwrite: true };
const DENIED = refusal("s3-access-denied", 403);

/** Copies, and returns the exit code. */
async function cp(
  source: string,
  target: string,
  options: Partial<CopyOptions> = {},
  more: Partial<CpRequest> = {},
): Promise<number> {
  const work = world.work(options);
  const route = world.route(source, target, more.recursive);
  await copy(work, {
    route,
    recursive: false,
    raw: false,
    versionId: undefined,
    expectedSize: undefined,
    ...more,
  });
  await work.queue.idle();
  return work.report.finish();
}

/** What is said, but the end. */
const said = () => world.said.filter((line) => line !== "summary");

/** Makes a fifo, and opens its reading end. */
function fifo(name: string): number {
  execFileSync("mkfifo", [world.folder.at(name)]);
  return openSync(world.folder.at(name), constants.O_RDONLY | constants.O_NONBLOCK);
}

describe("one object down", () => {
  beforeEach(() => world.objects({ "p/a": "1", "p/": "x", "p/..": "x", [`p/${"x".repeat(256)}`]: "x" }));

  it.each([
    ["s3://b/p/a", "d/x", "d/x"],
    ["s3://b/p/a", "d/", "d/a"],
    ["s3://b/p/a", "there", "there/a"],
    ["s3://b/p/", "d/x", "d/x"],
  ])("%s to %s is %s", async (source, target, file) => {
    mkdirSync(world.folder.at("there"));
    // A slash at the end is kept as it is typed.
    const typed = target.endsWith("/") ? `${world.folder.at("d")}/` : target;
    expect(await cp(source, typed)).toBe(0);
    expect(Object.keys(world.present)).toEqual([file]);
    expect(world.state).toMatchObject({
      files: 1,
      expectedFiles: 1,
      bytes: 1,
      expectedBytes: 1,
      final: true,
    });
    expect(openBelow(world.folder.path)).toEqual([]);
  });

  it.each([
    ["s3://b/p/", "failed: s3://b/p/ source-is-folder-key", 1],
    [
      "s3://b/p/..",
      "warning: skipped-unsafe-name: Skipping file s3://b/p/... File references a parent directory.",
      2,
    ],
  ])("%s gives a file in a folder no name", async (source, line, code) => {
    mkdirSync(world.folder.at("there"));
    expect(await cp(source, "there")).toBe(code);
    expect(said()).toEqual([line]);
    expect(world.requests).toEqual([]);
  });

  it("nor does a name that no file system takes", async () => {
    mkdirSync(world.folder.at("there"));
    expect(await cp(`s3://b/p/${"x".repeat(256)}`, "there")).toBe(2);
    expect(said()[0]).toContain("skipped-long-name");
  });

  it("with --no-overwrite leaves a file alone, and asks for nothing", async () => {
    world.files({ a: "mine" });
    expect(await cp("s3://b/p/a", "a", { overwrite: NO_OVERWRITE })).toBe(0);
    expect(said()).toEqual(["skipped: s3://b/p/a exists"]);
    expect(world.requests).toEqual([]);
    expect(await cp("s3://b/p/a", "new", { overwrite: NO_OVERWRITE })).toBe(0);
    expect(world.present).toEqual({ a: "mine", new: "1" });
  });

  it.each([
    [{ ifSizeDiffer: true }, "1", T, "same size"],
    [{ ifSizeDiffer: true }, "12", T, undefined],
    [{ ifSourceNewer: true }, "x", T, "not newer"],
    [{ ifSourceNewer: true }, "x", T - 1, undefined],
  ])("%j over %s at %d: %s", async (rule, content, modified, reason) => {
    world.files({ a: content }, modified);
    for (const dryRun of [true, false]) {
      expect(await cp("s3://b/p/a", "a", { overwrite: { ...NO_RULE, ...rule }, dryRun })).toBe(0);
      expect(said().at(-1)).toContain(reason ?? "download: s3://b/p/a to ./a");
      if (reason !== undefined) expect(said().filter((line) => line.includes("download"))).toEqual([]);
      if (!dryRun) expect(world.state).toMatchObject({ expectedBytes: reason === undefined ? 1 : 0 });
    }
    expect(world.present.a).toBe(reason === undefined ? "1" : content);
  });

  it("a dry run looks with a HEAD, counts nothing as expected and writes nothing", async () => {
    expect(await cp("s3://b/p/a", "d/x", { dryRun: true, read: { checksumMode: "ENABLED" } })).toBe(0);
    expect(world.requests).toEqual(["HeadObject b/p/a"]);
    expect(world.store.given.get("HeadObject b/p/a")).toEqual({ checksumMode: "ENABLED" });
    expect(said()).toEqual(["(dryrun) download: s3://b/p/a to d/x"]);
    expect(world.events[0]).toMatchObject({ size: 1 });
    expect(readdirSync(world.folder.path)).toEqual([]);
  });

  it("makes its folder before it asks for the object: where it cannot, it does not ask", async () => {
    expect(await cp("s3://b/p/a", "/proc/nowhere/x")).toBe(1);
    expect(said()).toEqual([expect.stringMatching(/^failed: s3:\/\/b\/p\/a /)]);
    expect(world.requests).toEqual([]);
  });

  it("into the root of the file system has one slash", async () => {
    expect(await cp("s3://b/p/a", "/", { dryRun: true })).toBe(0);
    const [event] = world.events;
    expect(event && "transfer" in event && event.transfer.destination).toMatch(/^(?:\.\.)?(?:\/\.\.)*\/a$/);
  });

  it("ends it all where its reader has gone", async () => {
    const gone = readerGone(new Error("EPIPE"));
    world.store.refusals.set("GetObject b/p/a", gone);
    await expect(cp("s3://b/p/a", "x")).rejects.toBe(gone);
    expect(said()).toEqual([]);
  });

  it("a dry run whose object is not there fails, as the AWS CLI does", async () => {
    expect(await cp("s3://b/p/none", "d/x", { dryRun: true })).toBe(1);
    expect(said()).toEqual(["failed: s3://b/p/none s3-no-such-key"]);
  });

  it("is read with what the options say, and of the version that they name", async () => {
    await cp("s3://b/p/a", "x", { read: { checksumMode: "ENABLED" } }, { versionId: "v1" });
    expect(world.store.given.get("GetObject b/p/a")).toMatchObject({
      checksumMode: "ENABLED",
      versionId: "v1",
    });
  });

  it("tells of a time that was refused, and of what was not verified", async () => {
    world.store.timeRefused = new Error("no times here");
    world.store.unverified = "it has none";
    expect(await cp("s3://b/p/a", "x")).toBe(2);
    expect(said()).toEqual([
      "unverified: s3://b/p/a it has none",
      "download: s3://b/p/a to ./x",
      "warning: time-refused: Successfully Downloaded ./x but was unable to update the last modified time. no times here",
    ]);
  });

  it("never replaces the running file, in a dry run neither", async () => {
    world.files({ "fetch-creds.js": "running" });
    const script = new RunningScript(world.folder.at("fetch-creds.js"));
    const work = world.work({}, { script });
    const route = world.route("s3://b/p/a", "fetch-creds.js");
    await copy(work, { route, recursive: false, raw: false, versionId: undefined, expectedSize: undefined });
    expect(said()).toEqual(["failed: s3://b/p/a running-script"]);
    expect(world.present).toEqual({ "fetch-creds.js": "running" });
  });

  it("to a fifo is written there, and nothing is left open", async () => {
    const reader = fifo("fifo");
    expect(await cp("s3://b/p/a", "fifo", { overwrite: { ...NO_RULE, ifSourceNewer: true } })).toBe(0);
    expect(said()).toEqual(["download: s3://b/p/a to ./fifo"]);
    expect(readFileSync(reader, "utf8")).toBe("1");
    closeSync(reader);
    expect(openBelow(world.folder.path)).toEqual([]);
    expect(lstatSync(world.folder.at("fifo")).isFIFO()).toBe(true);
  });

  it("to standard output is told of as -", async () => {
    expect(await cp("s3://b/p/a", "-", { dryRun: true })).toBe(0);
    expect(said()).toEqual(["(dryrun) download: s3://b/p/a to -"]);
  });

  it("what filters leave out by the last part of its key is not asked for", async () => {
    const filters = new Filters([{ includes: false, pattern: "a" }]);
    expect(await cp("s3://b/p/a", "x", { filters })).toBe(0);
    expect(world.store.asked).toEqual([]);
    const other = new Filters([{ includes: false, pattern: "p/a" }]);
    expect(await cp("s3://b/p/a", "x", { filters: other })).toBe(0);
    expect(world.requests).toEqual(["GetObject b/p/a"]);
  });
});
describe("an archived object", () => {
  const archivedAs = (storageClass: string, restore?: string) =>
    world.objects({
      "p/a": {
        body: "1",
        modified: T,
        storageClass,
        ...(restore && { restore }),
        restored: restore === RESTORED,
      },
    });
  const RESTORED = 'ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"';
  const WAYS = [
    ["down", "s3://b/p/a", "x", false],
    ["across", "s3://b/p/a", "s3://b/x", false],
    ["down in a tree", "s3://b/p", "d", true],
    ["across in a tree", "s3://b/p", "s3://c/p", true],
  ] as const;
  const isCopied = () => said().some((line) => /^(\(dryrun\) )?(copy|download): /.test(line));

  describe.each(WAYS)("%s", (_, source, target, recursive) => {
    it.each(["GLACIER", "DEEP_ARCHIVE"])("of class %s is left out with a warning", async (storageClass) => {
      for (const dryRun of [true, false]) {
        archivedAs(storageClass);
        expect(await cp(source, target, { dryRun }, { recursive })).toBe(2);
        expect(said().at(-1)).toContain(
          "warning: skipped-archived: Skipping file s3://b/p/a. Object is of storage class GLACIER",
        );
        expect(isCopied()).toBe(false);
      }
      expect(world.present).toEqual({});
    });

    it("is left out in silence when no warnings are wanted", async () => {
      archivedAs("GLACIER");
      expect(await cp(source, target, { ignoreGlacierWarnings: true }, { recursive })).toBe(0);
      expect(said()).toEqual([]);
    });

    it("is copied once it is restored, not while that is going on", async () => {
      for (const dryRun of [true, false]) {
        archivedAs("GLACIER", 'ongoing-request="true"');
        expect(await cp(source, target, { dryRun }, { recursive })).toBe(2);
        expect(isCopied()).toBe(false);
        archivedAs("GLACIER", RESTORED);
        expect(await cp(source, target, { dryRun }, { recursive })).toBe(0);
        expect(isCopied()).toBe(true);
        world.events.length = 0;
      }
    });

    it.each(["STANDARD", "GLACIER_IR", "INTELLIGENT_TIERING"])(
      "of class %s is none",
      async (storageClass) => {
        archivedAs(storageClass);
        expect(await cp(source, target, {}, { recursive })).toBe(0);
        expect(isCopied()).toBe(true);
      },
    );

    it("is asked for when the user insists", async () => {
      archivedAs("GLACIER");
      expect(await cp(source, target, { forceGlacierTransfer: true }, { recursive })).toBe(0);
      expect(isCopied()).toBe(true);
    });
  });

  it.each([
    ["s3://b/p/a", "x", "GetObject b/p/a"],
    ["s3://b/p/a", "s3://c/x", "CopyObject c/x"],
  ])(
    "that only S3 knows to be one is a warning from %s to %s; when the user insists, a failure",
    async (source, target, line) => {
      world.objects({ "p/a": "1" });
      world.store.refusals.set(line, refusal("s3-archived", 403));
      expect(await cp(source, target)).toBe(2);
      expect(said()[0]).toContain("skipped-archived");
      expect(await cp(source, target, { forceGlacierTransfer: true })).toBe(1);
      expect(said().at(-1)).toBe("failed: s3://b/p/a s3-archived");
    },
  );

  it("to standard output is asked for, as the AWS CLI does: what S3 says is a failure", async () => {
    archivedAs("GLACIER");
    world.store.refusals.set("GetObject b/p/a", refusal("s3-archived", 403));
    expect(await cp("s3://b/p/a", "-")).toBe(1);
    expect(said()).toEqual(["failed: s3://b/p/a s3-archived"]);
    expect(world.store.targets.get("b/p/a")).toEqual({ kind: "stream", fd: 1 });
  });

  it("is none by an error that has only its words", async () => {
    world.objects({ "p/a": "1" });
    world.store.refusals.set("GetObject b/p/a", new Error("archived"));
    expect(await cp("s3://b/p/a", "x")).toBe(1);
    expect(said()).toEqual([expect.stringMatching(/^failed: /)]);
  });
});

describe("one file up", () => {
  it.each([
    ["s3://b", "b/a.txt"],
    ["s3://b/p/", "b/p/a.txt"],
    ["s3://b/p/x", "b/p/x"],
  ])("to %s is %s", async (target, name) => {
    world.files({ "d/a.txt": "12" });
    expect(await cp("d/a.txt", target)).toBe(0);
    expect(world.stored).toEqual({ [name]: "12" });
    expect(said()).toEqual([`upload: d/a.txt to s3://${name}`]);
    expect(world.events[0]).toMatchObject({ size: 2 });
    expect(world.state).toMatchObject({
      files: 1,
      expectedFiles: 1,
      bytes: 2,
      expectedBytes: 2,
      final: true,
    });
    expect(openBelow(world.folder.path)).toEqual([]);
  });

  it("has the type of its name, the one that was given, or none", async () => {
    world.files({ "a.txt": "1", "a.unknown-ending": "1" });
    const typeOf = async (name: string, options: Partial<CopyOptions>) => {
      await cp(name, "s3://b/x", options);
      return (world.store.given.get("PutObject b/x") as { contentType?: string }).contentType;
    };
    expect(await typeOf("a.txt", {})).toBe("text/plain");
    expect(await typeOf("a.txt", { write: { contentType: "a/b" } })).toBe("a/b");
    expect(await typeOf("a.txt", { guessContentType: false })).toBeUndefined();
    expect(await typeOf("a.unknown-ending", {})).toBeUndefined();
    expect(world.store.given.get("PutObject b/x")).not.toHaveProperty("contentType");
  });

  it("with --no-overwrite is left to S3's own condition; a dry run has to ask", async () => {
    world.files({ a: "1" });
    world.objects({ a: "theirs" });
    expect(await cp("a", "s3://b/a", { overwrite: NO_OVERWRITE })).toBe(0);
    expect(world.requests).toEqual(["PutObject b/a"]);
    expect(world.store.given.get("PutObject b/a")).toMatchObject({ ifAbsent: true });
    expect(await cp("a", "s3://b/a", { overwrite: NO_OVERWRITE, dryRun: true })).toBe(0);
    expect(world.requests).toEqual(["PutObject b/a", "HeadObject b/a"]);
    expect(said()).toEqual(["skipped: ./a exists", "skipped: ./a exists"]);
    expect(world.stored).toEqual({ "b/a": "theirs" });
    expect(await cp("a", "s3://b/new", { overwrite: NO_OVERWRITE, dryRun: true })).toBe(0);
    expect(said().at(-1)).toBe("(dryrun) upload: ./a to s3://b/new");
    await cp("a", "s3://b/a");
    expect(world.store.given.get("PutObject b/a")).not.toHaveProperty("ifAbsent");
  });

  it("S3's refusal of that condition is a failure where nobody made it", async () => {
    world.files({ a: "1" });
    world.store.refusals.set("PutObject b/a", refusal("s3-exists", 412));
    expect(await cp("a", "s3://b/a")).toBe(1);
    expect(said()).toEqual(["failed: ./a s3-exists"]);
  });

  it("and any other error under it is one", async () => {
    world.files({ a: "1" });
    world.store.refusals.set("PutObject b/a", DENIED);
    expect(await cp("a", "s3://b/a", { overwrite: NO_OVERWRITE })).toBe(1);
  });

  it.each([
    [{ ifSizeDiffer: true }, "x", "same size"],
    [{ ifSizeDiffer: true }, "xx", undefined],
    [{ ifSourceNewer: true }, "xx", "not newer"],
  ])("%j of an object %s: %s", async (rule, body, reason) => {
    world.files({ a: "1" });
    world.objects({ a: body });
    const customerKey = { algorithm: "AES256", key: Buffer.alloc(32) };
    for (const dryRun of [true, false]) {
      expect(
        await cp("a", "s3://b/a", { overwrite: { ...NO_RULE, ...rule }, write: { customerKey }, dryRun }),
      ).toBe(0);
      expect(said().at(-1)).toContain(reason ?? "upload: ./a to s3://b/a");
      expect(world.store.given.get("HeadObject b/a")).toEqual({ customerKey });
    }
  });

  it("a folder, a fifo, what is not there: each in words of its own", async () => {
    mkdirSync(world.folder.at("d"));
    expect(await cp("d", "s3://b/x")).toBe(1);
    expect(said()).toEqual(["failed: ./d source-is-folder"]);
    await expect(cp("none", "s3://b/x")).rejects.toMatchObject({ id: "path-missing" });
    world.files({ file: "1" });
    await expect(cp(`${world.folder.at("file")}/`, "s3://b/x")).rejects.toMatchObject({ id: "path-missing" });
    expect(world.requests).toEqual([]);
  });

  it("a folder with a slash at its end is a folder all the same", async () => {
    mkdirSync(world.folder.at("d"));
    expect(await cp(`${world.folder.at("d")}/`, "s3://b/x")).toBe(1);
    expect(said()).toEqual(["failed: ./d source-is-folder"]);
  });

  it("a fifo is skipped with a warning", async () => {
    closeSync(fifo("fifo"));
    expect(await cp("fifo", "s3://b/x")).toBe(2);
    expect(said()[0]).toContain("warning: skipped-special-file: Skipping file ROOT/fifo.");
    expect(world.requests).toEqual([]);
  });

  it("a link is followed, or left out in silence", async () => {
    world.files({ a: "1" });
    symlinkSync("a", world.folder.at("link"));
    expect(await cp("link", "s3://b/x", { followSymlinks: false })).toBe(0);
    expect(world.stored).toEqual({});
    expect(await cp("a", "s3://b/file", { followSymlinks: false })).toBe(0);
    expect(await cp("link", "s3://b/x")).toBe(0);
    expect(world.stored).toEqual({ "b/file": "1", "b/x": "1" });
  });

  it("filters see its name, and its path when they begin with a slash", async () => {
    world.files({ "d/a": "1" });
    for (const pattern of ["a", world.folder.at("d", "a"), world.folder.at("*")]) {
      const filters = new Filters([{ includes: false, pattern }]);
      expect(await cp("d/a", "s3://b/x", { filters })).toBe(0);
    }
    expect(world.stored).toEqual({});
    const filters = new Filters(["d/a", "/a"].map((pattern) => ({ includes: false, pattern })));
    expect(await cp("d/a", "s3://b/x", { filters })).toBe(0);
    expect(world.stored).toEqual({ "b/x": "1" });
  });

  it("a dry run names it with its size, and expects nothing", async () => {
    world.files({ a: "123" });
    expect(await cp("a", "s3://b/x", { dryRun: true })).toBe(0);
    expect(world.events[0]).toMatchObject({ event: "dryrun", size: 3 });
    expect(world.requests).toEqual([]);
  });

  it("standard input has no size but the expected one, and is newer than anything", async () => {
    world.objects({ x: "theirs" });
    const overwrite = { ...NO_RULE, ifSourceNewer: true };
    expect(await cp("-", "s3://b/x", { overwrite }, { expectedSize: 7 })).toBe(0);
    expect(world.store.sources.get("b/x")).toEqual({ kind: "stream", fd: 0, expectedSize: 7 });
    expect(world.state).toMatchObject({ expectedBytes: 7, bytes: 12 });
    expect(world.store.given.get("PutObject b/x")).not.toHaveProperty("contentType");
    expect(await cp("-", "s3://b/y")).toBe(0);
    expect(world.store.sources.get("b/y")).toEqual({ kind: "stream", fd: 0 });
    expect(world.state).toMatchObject({ expectedBytes: 0 });
    expect(await cp("-", "s3://b/p/", { dryRun: true })).toBe(0);
    expect(world.events.at(-2)).toEqual({
      event: "dryrun",
      transfer: { operation: "upload", source: "-", destination: "s3://b/p/-" },
      size: undefined,
    });
    await expect(cp("-", "s3://b/x", {}, { expectedSize: 2 ** 50 })).rejects.toMatchObject({
      id: "stream-too-large",
    });
  });
});

describe("standard input under --if-size-differ", () => {
  const overwrite = { ...NO_RULE, ifSizeDiffer: true };
  it.each<[number | undefined, string, boolean]>([
    [undefined, "", true],
    [undefined, "1234567", true],
    [7, "1234567", false],
    [8, "1234567", true],
  ])("of %s bytes over %j is sent: %s", async (expectedSize, there, isSent) => {
    world.objects({ x: there });
    expect(await cp("-", "s3://b/x", { overwrite }, { expectedSize })).toBe(0);
    expect(said()).toEqual([isSent ? "upload: - to s3://b/x" : "skipped: - same size"]);
  });
});

describe("one object across", () => {
  it("is looked at first, and copied with what was seen", async () => {
    world.objects({ "p/a": { body: "12", modified: T, etag: '"e"' } });
    const sourceCustomerKey = { algorithm: "AES256", key: Buffer.alloc(32) };
    const parameters = { copyProps: "none", sourceCustomerKey };
    expect(await cp("s3://b/p/a", "s3://c/q/", { copy: parameters }, { versionId: "v1" })).toBe(0);
    expect(world.requests).toEqual(["HeadObject b/p/a", "CopyObject c/q/a"]);
    expect(world.store.given.get("HeadObject b/p/a")).toEqual({
      customerKey: sourceCustomerKey,
      checksumMode: "ENABLED",
    });
    expect(world.store.given.get("CopyObject c/q/a")).toMatchObject({
      source: { bucket: "b", key: "p/a", versionId: "v1" },
      parameters,
      known: { size: 2, etag: '"e"', head: { size: 2, etag: '"e"' } },
    });
    expect(said()).toEqual(["copy: s3://b/p/a to s3://c/q/a"]);
    expect(world.state).toMatchObject({
      files: 1,
      expectedFiles: 1,
      bytes: 2,
      expectedBytes: 2,
      final: true,
    });
  });

  it("in a dry run is looked at, and no more", async () => {
    world.objects({ a: "12" });
    expect(await cp("s3://b/a", "s3://b/x", { dryRun: true })).toBe(0);
    expect(world.events[0]).toMatchObject({ event: "dryrun", size: 2 });
    expect(world.requests).toEqual(["HeadObject b/a"]);
    expect(world.state).toBeUndefined();
  });

  it("that is not there, or gives the copy no name, is a failure", async () => {
    expect(await cp("s3://b/none", "s3://b/x")).toBe(1);
    expect(said()).toEqual(["failed: s3://b/none s3-no-such-key"]);
    world.objects({ "p/": "12" });
    expect(await cp("s3://b/p/", "s3://c")).toBe(1);
    expect(said().at(-1)).toBe("failed: s3://b/p/ source-is-folder-key");
    expect(world.stored).toEqual({ "b/p/": "12" });
  });

  describe("with --no-overwrite", () => {
    const LARGE = "x".repeat(PART_SIZE);
    it.each([
      [true, false, "1", []],
      [false, false, "1", ["HeadObject b/x"]],
      [true, true, "1", ["HeadObject b/x"]],
      [true, false, LARGE.slice(1), []],
      [true, false, LARGE, ["HeadObject b/x"]],
    ])("on Amazon S3: %s, dry run: %s", async (isAmazon, dryRun, body, looks) => {
      world.store.isAmazon = isAmazon;
      world.objects({ a: body });
      expect(await cp("s3://b/a", "s3://b/x", { overwrite: NO_OVERWRITE, dryRun })).toBe(0);
      expect(world.requests).toEqual(["HeadObject b/a", ...looks, ...(dryRun ? [] : ["CopyObject b/x"])]);
      world.objects({ x: "theirs" });
      expect(await cp("s3://b/a", "s3://b/x", { overwrite: NO_OVERWRITE, dryRun })).toBe(0);
      expect(said().at(-1)).toBe("skipped: s3://b/a exists");
      expect(world.stored["b/x"]).toBe("theirs");
    });

    it.each([403, 405])(
      "a target that may not be looked at (%d) is left to the condition",
      async (status) => {
        world.objects({ a: "1", x: "theirs" });
        world.store.refusals.set("HeadObject b/x", refusal("s3-access-denied", status));
        expect(await cp("s3://b/a", "s3://b/x", { overwrite: NO_OVERWRITE })).toBe(0);
        expect(said()).toEqual(["skipped: s3://b/a exists"]);
      },
    );

    it.each([400, 404, 500])(
      "any other error (%d) when it is looked at is one: nothing is written",
      async (status) => {
        world.objects({ a: "1" });
        world.store.refusals.set("HeadObject b/x", refusal("s3-other", status));
        expect(await cp("s3://b/a", "s3://b/x", { overwrite: NO_OVERWRITE })).toBe(1);
        expect(world.requests).toEqual(["HeadObject b/a", "HeadObject b/x"]);
      },
    );
  });

  it("a failure of ours when its target is looked at is one", async () => {
    world.objects({ a: "1" });
    world.store.refusals.set("HeadObject b/x", usageFailure("ours", "no keys"));
    expect(await cp("s3://b/a", "s3://b/x", { overwrite: NO_OVERWRITE })).toBe(1);
    expect(said()).toEqual(["failed: s3://b/a ours"]);
  });

  it("S3's refusal of a condition that nobody made is a failure", async () => {
    world.objects({ a: "1" });
    world.store.refusals.set("CopyObject b/x", refusal("s3-exists", 412));
    expect(await cp("s3://b/a", "s3://b/x")).toBe(1);
    expect(said()).toEqual(["failed: s3://b/a s3-exists"]);
  });

  it("a rule of sizes or times looks at the target, with its own key", async () => {
    world.objects({ a: "1", x: "x" });
    const customerKey = { algorithm: "AES256", key: Buffer.alloc(32, 1) };
    const overwrite = { ...NO_RULE, ifSizeDiffer: true };
    expect(await cp("s3://b/a", "s3://b/x", { overwrite, write: { customerKey } })).toBe(0);
    expect(world.store.given.get("HeadObject b/x")).toEqual({ customerKey });
    expect(said()).toEqual(["skipped: s3://b/a same size"]);
    world.store.refusals.set("HeadObject b/x", DENIED);
    expect(await cp("s3://b/a", "s3://b/x", { overwrite })).toBe(1);
  });
});

it("a route without an S3 side is a mistake of ours", () => {
  const local = { kind: "local", path: "a" } as const;
  const route = { ...world.route("a", "s3://b/a"), target: local };
  const request = { route, recursive: false, raw: false, versionId: undefined, expectedSize: undefined };
  expect(() => copy(world.work(), request)).toThrow("a route has an S3 side");
});
