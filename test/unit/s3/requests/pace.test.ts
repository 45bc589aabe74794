import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stop } from "../../../../src/http/stop.js";
import { isTooSlow, paceOf } from "../../../../src/s3/requests/pace.js";

const SECOND = 1000;
const GET = { operation: "GetObject", method: "GET" } as const;
const COPY = { operation: "CopyObject", method: "PUT", isLabor: true } as const;

function pace(asked: typeof GET | typeof COPY, readTimeoutMs: number) {
  const wire = { origin: "http://a", method: asked.method, path: "/", headers: {} };
  const made = paceOf(asked, wire, { readTimeoutMs }, new Stop(), { now: Date.now });
  made.watch.onStart();
  return made;
}

describe("the pace of an answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    { allowed: 60, bytesASecond: 0, ends: 180 },
    { allowed: 60, bytesASecond: 255, ends: 180 },
    { allowed: 60, bytesASecond: 256, ends: undefined },
    { allowed: 1, bytesASecond: 0, ends: 3 },
    { allowed: 0, bytesASecond: 0, ends: undefined },
  ])("with $allowed s of silence, and $bytesASecond bytes a second", ({ allowed, bytesASecond, ends }) => {
    const made = pace(GET, allowed * SECOND);
    const { stop, watch } = made;
    for (let second = 1; second <= 600; second++) {
      watch.onKept(bytesASecond);
      vi.advanceTimersByTime(SECOND - 1);
      const before = stop.reason;
      vi.advanceTimersByTime(1);
      if (stop.reason === undefined) continue;
      expect(before).toBeUndefined();
      expect(isTooSlow(stop.reason)).toBe(true);
      expect(second).toBe(ends);
      return;
    }
    expect(ends).toBeUndefined();
    made.end();
  });

  it.each([
    { allowed: 60, ends: 3600 },
    { allowed: 0, ends: undefined },
  ])("of a copy, which brings nothing while S3 is at it: $allowed", ({ allowed, ends }) => {
    const made = pace(COPY, allowed * SECOND);
    const { stop } = made;
    vi.advanceTimersByTime(3600 * SECOND - 1);
    expect(stop.reason).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(isTooSlow(stop.reason)).toBe(ends !== undefined);
    made.end();
  });
});
