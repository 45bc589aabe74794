import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { isTooSlow, paceOf } from "../../../../src/s3/requests/pace.js";

const SECOND = 1000;
const GET = { operation: "GetObject", method: "GET" } as const;
const COPY = { operation: "CopyObject", method: "PUT", isSlowOperation: true } as const;

function pace(asked: typeof GET | typeof COPY, readTimeoutMs: number) {
  const wire = { origin: "http://a", method: asked.method, path: "/", headers: {} };
  const made = paceOf(asked, wire, { readTimeoutMs }, new Cancellation(), { now: Date.now });
  made.watch.onStart();
  return made;
}

describe("the pace of a response", () => {
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
    const { cancellation, watch } = made;
    for (let second = 1; second <= 600; second++) {
      watch.onKept(bytesASecond);
      vi.advanceTimersByTime(SECOND - 1);
      const before = cancellation.reason;
      vi.advanceTimersByTime(1);
      if (cancellation.reason === undefined) continue;
      expect(before).toBeUndefined();
      expect(isTooSlow(cancellation.reason)).toBe(true);
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
    const { cancellation } = made;
    vi.advanceTimersByTime(3600 * SECOND - 1);
    expect(cancellation.reason).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(isTooSlow(cancellation.reason)).toBe(ends !== undefined);
    made.end();
  });
});
