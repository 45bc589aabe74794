import { expect, it } from "vitest";
import { parseExpiration } from "../../../src/credentials/expiration.js";

it.each([
  ["2026-01-02T03:04:05Z", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["2026-01-02t03:04:05z", Date.UTC(2026, 0, 2, 3, 4, 5)],
  ["2026-01-02T03:04:05.5Z", Date.UTC(2026, 0, 2, 3, 4, 5, 500)],
  ["2026-01-02T03:04:05.05Z", Date.UTC(2026, 0, 2, 3, 4, 5, 50)],
  ["2026-01-02T03:04:05.123456789Z", Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
  ["2026-01-02T03:04:05.9999Z", Date.UTC(2026, 0, 2, 3, 4, 5, 999)],
  ["2026-01-02T03:04:05+02:30", Date.UTC(2026, 0, 2, 0, 34, 5)],
  ["2026-01-02T03:04:05-02:30", Date.UTC(2026, 0, 2, 5, 34, 5)],
  ["2026-01-01T00:30:00+01:00", Date.UTC(2025, 11, 31, 23, 30)],
  ["2026-12-31T23:59:59-23:59", Date.UTC(2027, 0, 1, 23, 58, 59)],
  ["2026-01-02T00:00:00+23:59", Date.UTC(2026, 0, 1, 0, 1)],
  ["2016-12-31T23:59:60Z", Date.UTC(2016, 11, 31, 23, 59, 59)],
  ["2017-01-01T00:59:60.5+01:00", Date.UTC(2016, 11, 31, 23, 59, 59, 500)],
  ["0001-01-01T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
])("%s is read", (text, epochMs) => {
  expect(parseExpiration(text)).toEqual({ epochMs, text });
});

it.each([
  [2023, 28],
  [2024, 29],
  [1900, 28],
  [2000, 29],
  [2100, 28],
  [2400, 29],
])("of %i all days are read, %i in February, and none beside", (year, february) => {
  for (const [index, days] of [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].entries()) {
    const read = (day: number) => {
      const [month, date] = [index + 1, day].map((part) => String(part).padStart(2, "0"));
      return parseExpiration(`${year}-${month}-${date}T12:00:00Z`)?.epochMs;
    };
    for (const day of [1, 28, days]) expect(read(day)).toBe(Date.UTC(year, index, day, 12));
    for (const day of [0, days + 1]) expect(read(day)).toBeUndefined();
  }
});

it.each([
  "2026-13-01T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-01-01T24:00:00Z",
  "2026-01-01T00:60:00Z",
  "2016-12-31T23:59:61Z",
  "2026-01-01T12:00:60Z",
  "2026-01-01T23:58:60Z",
  "2026-01-01T22:59:60Z",
  "2026-01-01T23:59:60+01:00",
  "2026-01-01T00:00:00",
  "2026-01-01T00:00:00+24:00",
  "2026-01-01T00:00:00+00:60",
  "2026-01-01T00:00:00+0100",
  "2026-01-01 00:00:00Z",
  "2026-01-01",
  "",
  "2026-01-01T00:00:00Z\n",
  "x2026-01-01T00:00:00Z",
  " 2026-01-01T00:00:00Z",
])("%j is refused", (text) => {
  expect(parseExpiration(text)).toBeUndefined();
});
