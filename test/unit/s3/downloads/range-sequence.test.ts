import { expect, it } from "vitest";
import { RangeSequence } from "../../../../src/s3/downloads/range-sequence.js";
import type { ByteRange, RangeWriter, Target } from "../../../../src/s3/downloads/target.js";

it("lets no more ranges be under way than the target bears", async () => {
  const written: (() => void)[] = [];
  const begun: ByteRange[] = [];
  const target = {
    window: 2,
    range: (range: ByteRange): RangeWriter => {
      begun.push(range);
      return {
        write: () => undefined,
        complete: () => new Promise((resolve) => written.push(resolve)),
      };
    },
  } as unknown as Target;
  const sequence = new RangeSequence(target, 50, 10, async () => []);
  const states: string[] = [];
  const write = (size: number) => {
    const busy = sequence.write(Buffer.alloc(size));
    const index = states.push(busy === undefined ? "goes on" : "waits") - 1;
    busy?.then(() => {
      states[index] = "waited";
    });
  };
  write(10);
  write(10);
  expect(states).toEqual(["goes on", "goes on"]);
  write(10);
  expect(states).toEqual(["goes on", "goes on", "waits"]);
  written[0]?.();
  await new Promise(setImmediate);
  expect(states).toEqual(["goes on", "goes on", "waited"]);
  write(20);
  expect(states[3]).toBe("waits");
  written[1]?.();
  await new Promise(setImmediate);
  // The last but one of those under way has to end, too.
  expect(states[3]).toBe("waits");
  written[2]?.();
  await new Promise(setImmediate);
  expect(states[3]).toBe("waited");
  expect(begun.map(({ start }) => start)).toEqual([0, 10, 20, 30, 40]);
});

it.each([
  { end: 25, rangeSize: 10, chunks: [25], ranges: ["0-10", "10-20", "20-25"] },
  { end: 25, rangeSize: 10, chunks: [9, 2, 13, 1], ranges: ["0-10", "10-20", "20-25"] },
  { end: 20, rangeSize: 10, chunks: [10, 10], ranges: ["0-10", "10-20"] },
  { end: 10, rangeSize: 10, chunks: [10], ranges: ["0-10"] },
  { end: 5, rangeSize: 10, chunks: [1, 4], ranges: ["0-5"] },
  { end: 0, rangeSize: 10, chunks: [], ranges: ["0-0"] },
])("gives each range its own bytes, and completes it once: $chunks as $ranges", async (each) => {
  const all = Buffer.from(Array.from({ length: each.end }, (_, index) => index));
  const got: { range: string; bytes: Buffer[]; completed: number }[] = [];
  const target = {
    window: 9,
    range: ({ start, end }: ByteRange): RangeWriter => {
      const of = { range: `${start}-${end}`, bytes: [] as Buffer[], completed: 0 };
      got.push(of);
      return {
        write: (chunk) => void of.bytes.push(Buffer.from(chunk)),
        complete: () => {
          of.completed++;
          return undefined;
        },
      };
    },
  } as unknown as Target;
  const sequence = new RangeSequence(target, each.end, each.rangeSize, async () => []);
  let at = 0;
  for (const size of each.chunks) {
    expect(sequence.write(all.subarray(at, at + size))).toBeUndefined();
    at += size;
  }
  await sequence.complete();
  expect(got.map(({ range }) => range)).toEqual(each.ranges);
  expect(got.map(({ completed }) => completed)).toEqual(each.ranges.map(() => 1));
  expect(Buffer.concat(got.flatMap(({ bytes }) => bytes)).equals(all)).toBe(true);
  for (const { range, bytes } of got) {
    const [start, end] = range.split("-").map(Number) as [number, number];
    expect(Buffer.concat(bytes)).toHaveLength(end - start);
  }
});

it("fails, when all has come, with the range that could not be completed", async () => {
  const target = {
    window: 1,
    range: (): RangeWriter => ({ write: () => undefined, complete: () => Promise.reject(new Error("full")) }),
  } as unknown as Target;
  const sequence = new RangeSequence(target, 3, 10, async () => []);
  sequence.write(Buffer.alloc(3));
  await expect(sequence.complete()).rejects.toThrow("full");
});

/** A target of one range at a time, whose ranges end as they are told. */
const slow = (complete: () => Promise<void>) =>
  ({ window: 1, range: (): RangeWriter => ({ write: () => undefined, complete }) }) as unknown as Target;

it("waits where a range has ended, not within the next one", () => {
  const sequence = new RangeSequence(
    slow(() => new Promise(() => undefined)),
    30,
    10,
    async () => [],
  );
  const waits = [10, 4, 4].map((size) => sequence.write(Buffer.alloc(size)) !== undefined);
  expect(waits).toEqual([false, true, false]);
});

it("fails only when all has come, however early a range could not be completed", async () => {
  const sequence = new RangeSequence(
    slow(() => Promise.reject(new Error("full"))),
    20,
    10,
    async () => [],
  );
  sequence.write(Buffer.alloc(20));
  await new Promise(setImmediate);
  await expect(sequence.complete()).rejects.toThrow("full");
});
