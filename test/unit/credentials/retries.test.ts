import { describe, expect, it } from "vitest";
import { delayBefore, type Try, withRetries } from "../../../src/credentials/retries.js";
import { Failure } from "../../../src/failure.js";

const failure = new Failure("x", { message: "no", exitCode: 254 });

/** Runs the tries against a clock that only sleeping moves; returns how long each sleep was. */
async function sleepsOf(results: readonly Try<string>[], budget = 30_000) {
  let now = 1_000_000;
  const sleeps: number[] = [];
  let tries = 0;
  const left: number[] = [];
  const outcome = await withRetries(
    async (leftMs) => {
      left.push(leftMs);
      return results[Math.min(tries++, results.length - 1)] as Try<string>;
    },
    now + budget,
    {
      now: () => now,
      random: () => 0,
      debug: () => undefined,
      sleep: async (ms) => {
        sleeps.push(ms);
        now += ms;
      },
    },
  ).catch((error: unknown) => error);
  return { sleeps, tries, outcome, left };
}

describe("tries", () => {
  it("end with the first value", async () => {
    expect(await sleepsOf([{ value: "a" }])).toMatchObject({ sleeps: [], tries: 1, outcome: "a" });
  });

  it("are five, with growing delays", async () => {
    expect(await sleepsOf([{ failure, again: true }])).toEqual({
      sleeps: [500, 1000, 2000, 4000],
      left: [30_000, 29_500, 28_500, 26_500, 22_500],
      tries: 5,
      outcome: failure,
    });
  });

  it("end at once where another is of no use", async () => {
    expect(await sleepsOf([{ failure, again: false }])).toMatchObject({ tries: 1, outcome: failure });
  });

  it("end when the budget does", async () => {
    expect(await sleepsOf([{ failure, again: true }], 1600)).toMatchObject({ sleeps: [500, 1000], tries: 3 });
  });

  it("begin only where time is left for them", async () => {
    expect(await sleepsOf([{ failure, again: true }], 500)).toMatchObject({ sleeps: [], tries: 1 });
    expect(await sleepsOf([{ failure, again: true }], 501)).toMatchObject({ sleeps: [500], tries: 2 });
  });

  it("wait for Retry-After", async () => {
    const results = [{ failure, again: true, retryAfter: 3000 }, { value: "a" }];
    expect(await sleepsOf(results)).toMatchObject({ sleeps: [3000], outcome: "a" });
  });
});

it("a wait is said before it begins", async () => {
  const steps: unknown[] = [];
  const results: Try<string>[] = [{ value: "a" }, { failure, again: true }];
  await withRetries(async () => results.pop()!, 30_000, {
    now: () => 0,
    random: () => 0.001,
    debug: (step) => steps.push(step),
    sleep: async (ms) => void steps.push(ms),
  });
  expect(steps).toEqual(["waiting 500 ms before another try", 499.75]);
});

it.each([
  [1, 0, 500],
  [1, 0.999, 250],
  [4, 0, 4000],
  [4, 1, 2000],
])("the delay before try %i + 1 with random %f is about %i", (tries, random, ms) => {
  expect(Math.round(delayBefore(tries, random) / 10) * 10).toBe(ms);
});

it.each([
  [1, 0, 400, 500],
  [1, 0, 5000, 5000],
  [1, 0, 5001, 500],
  [4, 0, 1000, 4000],
])("Retry-After beside a delay (%#)", (tries, random, retryAfter, ms) => {
  expect(delayBefore(tries, random, retryAfter)).toBe(ms);
});
