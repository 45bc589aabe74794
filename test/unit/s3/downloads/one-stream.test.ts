import { describe, expect, it, vi } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { OrderedStream } from "../../../../src/s3/downloads/ordered-stream.js";
import type { ByteRange } from "../../../../src/s3/downloads/target.js";
import type { Outlet } from "../../../../src/s3/local/stream-files.js";

/** Where the bytes go. */
let outlet: Outlet;

vi.mock("../../../../src/s3/local/stream-files.js", () => ({ openOutlet: () => outlet }));

const MIB = 1024 * 1024;

function opened(rangeSize = MIB) {
  const written: Buffer[] = [];
  let closed = 0;
  outlet = {
    write: async (chunk) => {
      await new Promise(setImmediate);
      written.push(chunk);
    },
    close: () => void closed++,
  };
  const cancellation = new Cancellation();
  const stream = new OrderedStream(1, rangeSize, cancellation);
  /** Begins a range of this text, and ends it. */
  const begin = (range: ByteRange, text: string) => {
    const writer = stream.range(range);
    writer.write(Buffer.from(text));
    return () => writer.complete(async () => []) as Promise<void>;
  };
  return { stream, written, begin, cancellation, closed: () => closed };
}

describe("an ordered stream", () => {
  it.each([
    [4 * MIB, 6],
    [4 * MIB + 1, 5],
    [5 * MIB, 4],
    [100 * MIB, 4],
  ])("of ranges of %i bytes has %i of them under way", (size, expected) => {
    expect(opened(size).stream.window).toBe(expected);
  });

  it.each([
    [0, []],
    [7, [7]],
    [MIB, [MIB]],
    [2 * MIB + 7, [MIB, MIB, 7]],
  ])("hands %i bytes over in %j", async (size, expected) => {
    const { stream, written } = opened();
    const { write, complete } = stream.range({ start: 0, end: size });
    write(Buffer.alloc(size));
    await complete(async () => []);
    expect(written.map(({ length }) => length)).toEqual(expected);
  });

  it("writes its ranges in their order, whichever comes first", async () => {
    const { written, begin } = opened();
    const ends = [begin({ start: 0, end: 3 }, "012"), begin({ start: 3, end: 5 }, "34")];
    const second = ends[1]?.();
    await new Promise(setImmediate);
    expect(written).toEqual([]);
    await ends[0]?.();
    await second;
    expect(Buffer.concat(written).toString()).toBe("01234");
  });

  it("waits for no range once it is canceled", async () => {
    const { written, begin, cancellation } = opened();
    begin({ start: 0, end: 3 }, "012");
    const second = begin({ start: 3, end: 5 }, "34")();
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    await expect(second).rejects.toBe(reason);
    expect(written).toEqual([]);
  });

  it("holds no more memory than a range has, and uses it again", async () => {
    const { written, begin } = opened();
    await begin({ start: 0, end: 3 }, "012")();
    await begin({ start: 3, end: 6 }, "345")();
    const [first, second] = written.map(({ buffer }) => buffer);
    expect(first?.byteLength).toBe(3);
    expect(second).toBe(first);
    await begin({ start: 6, end: 10 }, "6789")();
    expect(written.at(-1)?.buffer.byteLength).toBe(4);
  });

  it.each(["finish", "discard"] as const)("is closed by %s", (end) => {
    const { stream, closed } = opened();
    stream[end]();
    expect(closed()).toBe(1);
  });
});
