import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeKey, encodeQueryPart } from "../../../../src/aws/uri-encode.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { backoffMs } from "../../../../src/s3/requests/backoff.js";
import { Limiter, MOST_IN_FLIGHT } from "../../../../src/s3/requests/limiter.js";
import {
  MAX_OBJECT,
  MAX_PARTS,
  planPartSize,
  planStreamPartSize,
  streamPartSize,
} from "../../../../src/s3/uploads/part-size.js";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

describe("backoffMs", () => {
  it("doubles, is jittered in full, and is capped", () => {
    expect([1, 2, 3, 4].map((tries) => backoffMs(tries, false, 0.5))).toEqual([25, 50, 100, 200]);
    expect(backoffMs(1, true, 0.5)).toBe(500);
    expect(backoffMs(50, false, 0.999)).toBeCloseTo(19_980);
  });

  it("is capped at 20 s, from the first bound that is larger", () => {
    expect([8, 9, 10].map((tries) => backoffMs(tries, false, 0.5))).toEqual([3200, 6400, 10_000]);
    expect([5, 6].map((tries) => backoffMs(tries, true, 0.5))).toEqual([8000, 10_000]);
  });

  it("waits as long as the server asks, within reason", () => {
    expect(backoffMs(2, true, 0.5)).toBe(1000);
    expect(backoffMs(2, true, 0.5, 999)).toBe(1000);
    expect(backoffMs(1, false, 0, 3000)).toBe(3000);
    expect(backoffMs(1, false, 0, 9_999_000)).toBe(20_000);
    expect(backoffMs(1, false, 0.5, 0)).toBe(25);
    expect(backoffMs(1, false, 0)).toBe(0);
  });
});

describe("planPartSize", () => {
  it("fits every object into 10,000 parts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_OBJECT }), (size) => {
        const part = planPartSize(size);
        expect(size / part).toBeLessThanOrEqual(MAX_PARTS);
        expect(part).toBeGreaterThanOrEqual(8 * MIB);
      }),
    );
  });

  it("begins with 8 MiB, and grows by whole MiB where 10,000 parts would not do", () => {
    const most = MAX_PARTS * 8 * MIB;
    expect([0, most, most + 1].map((size) => planPartSize(size))).toEqual([8 * MIB, 8 * MIB, 9 * MIB]);
    expect(planPartSize(undefined)).toBe(8 * MIB);
  });

  it("minds what is asked, within S3's limits", () => {
    expect(planPartSize(undefined, 5 * MIB + 1)).toBe(5 * MIB + 1);
    expect(planPartSize(undefined, 1)).toBe(5 * MIB);
    expect(planPartSize(100 * MIB, 16 * MIB)).toBe(16 * MIB);
    expect(planPartSize(1, Number.MAX_SAFE_INTEGER)).toBe(5 * 1024 * MIB);
  });

  it("takes an object of S3's largest size, and no larger one", () => {
    expect(planPartSize(MAX_OBJECT)).toBe(5 * GIB);
    expect(MAX_OBJECT).toBe(MAX_PARTS * 5 * GIB);
  });
});

describe("parts of a stream", () => {
  it("stay small for 64 GiB, and reach 1 TiB without a word about the length", () => {
    let total = 0;
    for (let number = 1; number <= MAX_PARTS; number++) {
      if (total < 64 * GIB) expect(streamPartSize(number, 8 * MIB)).toBe(8 * MIB);
      total += streamPartSize(number, 8 * MIB);
    }
    expect(total).toBeGreaterThan(1024 * GIB);
    expect(streamPartSize(8192, 8 * MIB)).toBe(8 * MIB);
    expect(streamPartSize(8193, 8 * MIB)).toBe(16 * MIB);
    expect(streamPartSize(8342, 8 * MIB)).toBe(16 * MIB);
    expect(streamPartSize(8343, 8 * MIB)).toBe(32 * MIB);
    expect(streamPartSize(MAX_PARTS, 8 * MIB)).toBe(GIB);
  });

  it.each([
    [undefined, undefined, 8 * MIB],
    [undefined, 5 * GIB, GIB],
    [100 * GIB, undefined, 11 * MIB],
    [10_000 * GIB, undefined, GIB],
  ])("of %s bytes, %s asked for, begin with %i", (expected, asked, size) => {
    expect(planStreamPartSize(expected, asked)).toBe(size);
  });

  it("cannot be so large that memory would not hold them", () => {
    expect(() => planStreamPartSize(10_000 * GIB + 1, undefined)).toThrow(
      expect.objectContaining({ id: "stream-too-large", exitCode: 252 }),
    );
  });
});

describe("encodeKey", () => {
  it("can be decoded, and leaves nothing that means something in an address", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        const encoded = encodeKey(key);
        expect(decodeURIComponent(encoded)).toBe(key);
        expect(encoded).toMatch(/^[\w.~/%-]*$/);
      }),
    );
    expect(encodeKey("a b/ü+!'()*")).toBe("a%20b/%C3%BC%2B%21%27%28%29%2A");
    expect(encodeQueryPart("a/b")).toBe("a%2Fb");
  });
});

describe("Limiter", () => {
  it("keeps to a number that was asked for", async () => {
    const limiter = new Limiter(2, MOST_IN_FLIGHT, () => 0);
    const cancellation = new Cancellation();
    expect(limiter.acquire(cancellation)).toBeUndefined();
    expect(limiter.acquire(cancellation)).toBeUndefined();
    const third = limiter.acquire(cancellation);
    expect(third).toBeInstanceOf(Promise);
    limiter.release("throttled", 0);
    await third;
    expect(limiter.limit).toBe(2);
  });

  it("halves when it is too much, once for what was in flight", () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    const cancellation = new Cancellation();
    const round = () => {
      const count = limiter.limit;
      for (let index = 0; index < count; index++) void limiter.acquire(cancellation);
      for (let index = 0; index < count; index++) limiter.release("throttled", 0);
    };
    const before = limiter.limit;
    round();
    expect(limiter.limit).toBe(before / 2);
    for (let index = 0; index < 20; index++) round();
    expect(limiter.limit).toBe(1);
  });

  it("lets nobody wait beyond a cancellation", async () => {
    const limiter = new Limiter(1, MOST_IN_FLIGHT, () => 0);
    const cancellation = new Cancellation();
    void limiter.acquire(cancellation);
    const waiting = limiter.acquire(cancellation);
    const other = limiter.acquire(new Cancellation());
    cancellation.cancel(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    limiter.release("served", 0);
    await other;
    expect(() => limiter.acquire(cancellation)).toThrow("stopped");
  });
});
