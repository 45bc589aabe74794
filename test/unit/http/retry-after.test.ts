import { expect, it } from "vitest";
import { parseRetryAfter } from "../../../src/http/retry-after.js";

it.each([
  ["3", 3000],
  ["0", 0],
  ["-1", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["999999999", 999_999_999_000],
  ["1000000000", undefined],
  ["On Thu, 01 Jan 2026 00:00:04 GMT", undefined],
  ["Thu, 01 Jan 2026 00:00:04 GMT+0100", undefined],
  [undefined, undefined],
  ["Thu, 01 Jan 2026 00:00:04 GMT", 4000],
  ["Wed, 31 Dec 2025 00:00:04 GMT", 0],
  ["2026-01-01T00:00:04Z", undefined],
  ["Thu, 99 Jan 2026 00:00:04 GMT", undefined],
])("Retry-After: %s", (value, ms) => {
  expect(parseRetryAfter(value, Date.UTC(2026, 0, 1))).toBe(ms);
});
