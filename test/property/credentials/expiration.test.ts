import fc from "fast-check";
import { expect, it } from "vitest";
import { parseExpiration } from "../../../src/credentials/expiration.js";
import { Share } from "../../support/share.js";

const instant = fc.date({
  min: new Date("0001-01-02T00:00:00Z"),
  max: new Date("9999-12-30T00:00:00Z"),
  noInvalidDate: true,
});

it("reads every date that Date writes", () => {
  fc.assert(
    fc.property(instant, (date) => {
      expect(parseExpiration(date.toISOString())?.epochMs).toBe(date.getTime());
    }),
  );
});

it("reads the same moment in every zone", () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (date, minutes) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const zone = Math.abs(minutes);
      const two = (value: number) => String(value).padStart(2, "0");
      const text = `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(zone / 60))}:${two(zone % 60)}`;
      expect(parseExpiration(text)?.epochMs).toBe(date.getTime());
    }),
  );
});

it("refuses every day that is not in the calendar", () => {
  const real = new Share();
  const months = fc.oneof(fc.nat(13), fc.nat(99));
  const days = fc.oneof(fc.integer({ min: 27, max: 32 }), fc.nat(99));
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 9999 }), months, days, (year, month, day) => {
      const two = (value: number) => String(value).padStart(2, "0");
      const date = new Date(Date.UTC(year, month - 1, day));
      const isReal =
        date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
      real.count(isReal);
      expect(parseExpiration(`${year}-${two(month)}-${two(day)}T00:00:00Z`) !== undefined).toBe(isReal);
    }),
    { numRuns: 1000 },
  );
  real.expectAtLeast(0.1, 0.9);
});
