import { describe, expect, it } from "vitest";
import { type Expectation, faultsOf, mayBeLate, type Observed } from "../../conformance/harness/case.js";

const EXPIRES = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString();
const report = (expires = EXPIRES, left = "29 d 23 h") =>
  `Role        x\nAccess key  ****************MPLE\nExpires     ${expires} (${left} left)\n`;

/** A run with a request at each of these moments, ms. */
function seen(code: number, stdout: string, at: readonly number[] = [0], ms = 100): Observed {
  const requests = at.map((one) => ({ head: "", target: "", at: one, address: "" }));
  const stderr = code === 0 ? "" : "fetch-creds: it failed\n  a hint\n";
  return { code, stdout, stderr, ms, requests };
}

const GOOD: Expectation = { code: 0, requests: 1, underMs: 1000 };

describe("the conformance suite", () => {
  it("takes the report of the good response, and a failure in a line with a hint", () => {
    expect(faultsOf(GOOD, seen(0, report()))).toEqual([]);
    expect(faultsOf({ code: 254, requests: 1 }, seen(254, ""))).toEqual([]);
  });

  it("holds what is accepted to its report and to its moment", () => {
    const expires = [EXPIRES, EXPIRES] as const;
    expect(faultsOf({ ...GOOD, expires }, seen(0, report()))).toEqual([]);
    expect(faultsOf(GOOD, seen(0, ""))).toHaveLength(1);
    expect(faultsOf(GOOD, seen(0, report().replace("MPLE", "XXXX")))).toHaveLength(1);
    expect(faultsOf({ ...GOOD, expires }, seen(0, report(EXPIRES, "394 d 23 h")))).toHaveLength(1);
    expect(faultsOf({ ...GOOD, expires }, seen(0, report("tomorrow")))).not.toEqual([]);
  });

  it.each<[what: string, run: Observed, late: boolean]>([
    ["a wrong exit code", seen(254, ""), false],
    ["no request", seen(0, report(), []), false],
    ["a wrong exit code, and too slow", seen(254, "", [0], 2000), false],
    ["too slow", seen(0, report(), [0], 2000), true],
    ["a try too many", seen(0, report(), [0, 5000]), true],
    ["a try too many, and what follows", seen(254, "", [0, 5000]), true],
  ])("repeats no run but one that may have been late: %s", (_, run, late) => {
    const faults = faultsOf(GOOD, run);
    expect(faults).not.toEqual([]);
    expect(mayBeLate(GOOD, run, faults)).toBe(late);
  });

  it("measures the gaps between requests", () => {
    const gaps: Expectation = { code: 0, requests: 2, gaps: [[240, 5000]] };
    expect(faultsOf(gaps, seen(0, report(), [0, 300]))).toEqual([]);
    for (const second of [100, 6000]) {
      const run = seen(0, report(), [0, second]);
      expect(faultsOf(gaps, run)).toHaveLength(1);
      expect(mayBeLate(gaps, run, faultsOf(gaps, run))).toBe(true);
    }
  });
});
