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
