import { describe, expect, it } from "vitest";
import { readDate } from "../../../src/http/date.js";

const SECOND = Date.UTC(2026, 0, 2, 3, 4, 5);

describe("readDate", () => {
  it.each([
    ["Fri, 02 Jan 2026 03:04:05 GMT", SECOND],
    ["Fri, 2 Jan 2026 03:04:05 GMT", SECOND],
    ["Fri, 02 Jan 2026 03:04:05 +0000", SECOND],
    ["Fri, 02 Jan 2026 05:04:05 +0200", SECOND],
    ["Fri, 02 Jan 2026 03:04:05 UTC", SECOND],
    ["Fri, 02 Jan 2026 03:04:05", SECOND],
    ["Friday, 02-Jan-26 03:04:05 GMT", SECOND],
    ["Fri Jan  2 03:04:05 2026", SECOND],
    ["2026-01-02T03:04:05.000Z", SECOND],
    ["2026-01-02T03:04:05.678Z", SECOND + 678],
    ["2026-01-02T03:04:05Z", SECOND],
    ["2026-01-02T03:04:05", SECOND],
    ["2026-01-02T05:04:05+02:00", SECOND],
    ["2026-01-02T01:04:05.000-0200", SECOND],
    ["2026-1-2T03:04:05Z", SECOND],
    ["2026-01-02T03:04:05 UTC", SECOND],
    ["2026-01-02 03:04:05", SECOND],
    ["2026-01-02t03:04:05", SECOND],
    ["02-Jan-2026 03:04:05", SECOND],
    ["+012026-01-02t03:04:05", undefined],
    [" 2026-01-02T03:04:05Z\n", SECOND],
    ["", undefined],
    ["yesterday", undefined],
    ["1767323045", undefined],
    [undefined, undefined],
  ])("%j, in every time zone", (text, expected) => {
    const before = process.env.TZ;
    try {
      for (const zone of ["UTC", "Asia/Tokyo", "America/New_York"]) {
        process.env.TZ = zone;
        expect(readDate(text)).toBe(expected);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});
