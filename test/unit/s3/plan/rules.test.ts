import { describe, expect, it } from "vitest";
import { FolderClash } from "../../../../src/s3/plan/folder-clash.js";
import { reasonToSkip } from "../../../../src/s3/plan/overwrite.js";
import { needsCopy } from "../../../../src/s3/plan/sync-rule.js";
import { TransferQueue } from "../../../../src/s3/plan/transfer-queue.js";

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

  it("--exact-timestamps compares seconds", () => {
    const exact = { ...rule, direction: "download", exactTimestamps: true } as const;
    expect(needsCopy(exact, version(1, 5123), version(1, 5000))).toBe(false);
    expect(needsCopy(exact, version(1, 5123), version(1, 4000))).toBe(true);
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
  it("takes either of two conditions", () => {
    expect(reasonToSkip(rule(false, true, true), version(1, 9), version(1, 5))).toBeUndefined();
    expect(reasonToSkip(rule(false, true, true), version(2, 5), version(1, 5))).toBeUndefined();
    expect(reasonToSkip(rule(false, true, true), version(1, 5), version(1, 5))).toBe("same size, not newer");
    expect(reasonToSkip(rule(true, true, true), version(2, 9), version(1, 5))).toBe("exists");
    expect(reasonToSkip(rule(false, false, false), version(1, 1), version(1, 1))).toBeUndefined();
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
  it("holds its planner back, and lets it go on", async () => {
    const queue = new TransferQueue(2);
    const ends: (() => void)[] = [];
    const transfer = () => new Promise<void>((resolve) => ends.push(resolve));
    expect(queue.add(transfer)).toBeUndefined();
    const full = queue.add(transfer);
    expect(full).toBeInstanceOf(Promise);
    ends[0]?.();
    await full;
    ends[1]?.();
    await queue.idle();
    queue.stop();
    expect(queue.add(() => Promise.reject(new Error("started")))).toBeUndefined();
  });
});
