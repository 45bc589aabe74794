import { symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FolderClash } from "../../../../src/s3/plan/folder-clash.js";
import { hasRule, localVersion, reasonToSkip, statsOf } from "../../../../src/s3/plan/overwrite.js";
import { needsCopy } from "../../../../src/s3/plan/sync-rule.js";
import { queueLimit, TransferQueue } from "../../../../src/s3/plan/transfer-queue.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const version = (size: number, modified: number) => ({ size, modified });

describe("needsCopy", () => {
  const rule = { sizeOnly: false, exactTimestamps: false } as const;
  it.each([
    ["upload", 10, 5, true],
    ["upload", 5, 10, false],
    ["copy", 10, 5, true],
    ["copy", 5, 5, false],
    ["download", 10, 5, false],
    ["download", 5, 10, true],
    ["download", 5, 5, false],
  ] as const)("%s, source at %d, target at %d: %s", (direction, source, target, needed) => {
    expect(needsCopy({ ...rule, direction }, version(1, source), version(1, target))).toBe(needed);
    expect(needsCopy({ ...rule, direction }, version(1, source), version(2, target))).toBe(true);
    expect(needsCopy({ ...rule, direction, sizeOnly: true }, version(1, source), version(1, target))).toBe(
      false,
    );
  });

  it.each([
    ["download", 999, false],
    ["download", 1000, false],
    ["download", 1001, true],
    ["upload", 999, true],
    ["upload", 1000, false],
    ["upload", 1001, false],
    ["copy", 999, true],
    ["copy", 1000, false],
    ["copy", 1001, false],
  ] as const)("%s, source at 1000 ms, target at %d: %s", (direction, target, needed) => {
    expect(needsCopy({ ...rule, direction }, version(1, 1000), version(1, target))).toBe(needed);
  });

  it.each([
    [version(1, Number.NaN), version(1, 5)],
    [version(1, 5), version(1, Number.NaN)],
    [version(1, Number.NaN), version(1, Number.NaN)],
  ])("copies where a time is not known: %j, %j; unless sizes are all that counts", (source, target) => {
    for (const direction of ["download", "upload", "copy"] as const) {
      expect(needsCopy({ ...rule, direction }, source, target)).toBe(true);
      expect(needsCopy({ ...rule, direction, sizeOnly: true }, source, target)).toBe(false);
    }
  });

  describe("--exact-timestamps", () => {
    const exact = { ...rule, exactTimestamps: true } as const;
    it.each([
      [5123, 5000, false],
      [5000, 5999, false],
      [5000, 6000, true],
      [5000, 4999, true],
      [5123, 4000, true],
    ])("compares seconds: source at %d, target at %d: %s", (source, target, needed) => {
      const download = { ...exact, direction: "download" } as const;
      expect(needsCopy(download, version(1, source), version(1, target))).toBe(needed);
      // It wins over --size-only, as for the AWS CLI.
      expect(needsCopy({ ...download, sizeOnly: true }, version(1, source), version(1, target))).toBe(needed);
    });

    it.each(["upload", "copy"] as const)("means nothing to an %s", (direction) => {
      expect(needsCopy({ ...exact, direction }, version(1, 5000), version(1, 6000))).toBe(false);
      expect(needsCopy({ ...exact, direction }, version(1, 6000), version(1, 5000))).toBe(true);
      expect(needsCopy({ ...exact, direction, sizeOnly: true }, version(1, 6000), version(1, 5000))).toBe(
        false,
      );
    });
  });
});

describe("reasonToSkip", () => {
  const rule = (noOverwrite: boolean, ifSizeDiffer: boolean, ifSourceNewer: boolean) => ({
    noOverwrite,
    ifSizeDiffer,
    ifSourceNewer,
  });
  it("never skips what is not there", () => {
    expect(reasonToSkip(rule(true, true, true), version(1, 1), undefined)).toBeUndefined();
  });
  it.each([
    // --no-overwrite, --if-size-differ, --if-source-newer; source, target.
    [[true, false, false], version(2, 9), version(1, 5), "exists"],
    [[true, true, true], version(2, 9), version(1, 5), "exists"],
    [[false, true, false], version(1, 9), version(1, 5), "same size"],
    [[false, true, false], version(2, 5), version(1, 5), undefined],
    [[false, false, true], version(2, 4), version(1, 5), "not newer"],
    [[false, false, true], version(2, 5), version(1, 5), "not newer"],
    [[false, false, true], version(1, 6), version(1, 5), undefined],
    [[false, false, true], version(1, Number.NaN), version(1, 5), undefined],
    [[false, false, true], version(1, 5), version(1, Number.NaN), undefined],
    [[false, true, true], version(1, 9), version(1, 5), undefined],
    [[false, true, true], version(2, 5), version(1, 5), undefined],
    [[false, true, true], version(1, 5), version(1, 5), "same size, not newer"],
    [[false, false, false], version(1, 1), version(1, 1), undefined],
  ] as const)("%j, %j over %j: %s", ([noOverwrite, ifSizeDiffer, ifSourceNewer], source, target, reason) => {
    expect(reasonToSkip(rule(noOverwrite, ifSizeDiffer, ifSourceNewer), source, target)).toBe(reason);
    expect(hasRule(rule(noOverwrite, ifSizeDiffer, ifSourceNewer))).toBe(
      noOverwrite || ifSizeDiffer || ifSourceNewer,
    );
  });
});

describe("statsOf", () => {
  it("finds nothing where a file is in the place of a folder, and says why the system does not tell", () => {
    using folder = temporaryFolder();
    writeFileSync(folder.at("file"), "12");
    symlinkSync("loop", folder.at("loop"));
    expect(statsOf(folder.at("file", "x"), "read")).toBeUndefined();
    expect(statsOf(folder.at("none"), "read")).toBeUndefined();
    expect(() => statsOf(folder.at("loop"), "read")).toThrow(/^Cannot read .*loop: /);
    expect(() => statsOf(folder.at("x".repeat(256)), "write")).toThrow(
      /^Cannot write .*: the name is too long/,
    );
    expect(localVersion(folder.at("none"))).toBeUndefined();
    expect(localVersion(folder.at("file"))).toMatchObject({ size: 2 });
  });
});

describe("FolderClash", () => {
  it("finds what lies below a file, also with others in between", () => {
    const clash = new FolderClash();
    const names = ["a", "a-b", "a.c", "a/b", "a/c/d", "a0", "b/c", "b/c/d", "c"];
    expect(names.filter((name) => clash.clashes(name))).toEqual(["a/b", "a/c/d", "b/c/d"]);
  });
});

describe("TransferQueue", () => {
  /** Transfers that end when they are told to. */
  function transfers() {
    const ends: (() => void)[] = [];
    return { ends, start: () => new Promise<void>((resolve) => ends.push(resolve)) };
  }
  const turns = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  };
  /** Whether a promise has come true. */
  function watched(promise: Promise<void> | undefined): () => boolean {
    let isSettled = false;
    promise?.then(() => {
      isSettled = true;
    });
    return () => isSettled;
  }

  it.each([1, 2, 3])("of %d holds its planner back once it is full, until one has ended", async (limit) => {
    const queue = new TransferQueue(limit);
    const { ends, start } = transfers();
    for (let count = 1; count < limit; count++) expect(queue.add(start)).toBeUndefined();
    const hasRoom = watched(queue.add(start));
    await turns();
    expect([ends.length, hasRoom()]).toEqual([limit, false]);
    ends[0]?.();
    await turns();
    expect(hasRoom()).toBe(true);
  });

  it("is idle when all have ended, and at once when there were none", async () => {
    const queue = new TransferQueue();
    await queue.idle();
    const { ends, start } = transfers();
    queue.add(start);
    queue.add(start);
    const isIdle = watched(queue.idle());
    ends[0]?.();
    await turns();
    expect(isIdle()).toBe(false);
    ends[1]?.();
    await turns();
    expect(isIdle()).toBe(true);
  });

  it("starts nothing more once it is stopped", async () => {
    const queue = new TransferQueue();
    expect(queue.isStopped).toBe(false);
    queue.stop();
    expect(queue.isStopped).toBe(true);
    expect(queue.add(() => Promise.reject(new Error("started")))).toBeUndefined();
    await queue.idle();
  });

  it.each([
    [undefined, 192],
    [1, 192],
    [96, 192],
    [97, 194],
    [200, 400],
  ])("takes twice what is sent at once: for --concurrency %s %d", (concurrency, limit) => {
    expect(queueLimit(concurrency)).toBe(limit);
  });
});
