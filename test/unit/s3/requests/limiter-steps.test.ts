import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Limiter, MOST_IN_FLIGHT, type Outcome } from "../../../../src/s3/requests/limiter.js";

const never = new Cancellation();

/** A limiter of which as many requests are in flight as it allows, or as are wanted. */
class Flow {
  now = 1_000_000;
  readonly limiter: Limiter;
  wanted: number;
  #inFlight = 0;

  constructor({
    wanted = Number.POSITIVE_INFINITY,
    most = MOST_IN_FLIGHT,
    fixed = undefined as number | undefined,
  } = {}) {
    this.wanted = wanted;
    this.limiter = new Limiter(fixed, most, () => this.now);
  }

  get limit(): number {
    return this.limiter.limit;
  }

  /** One ends so, `ms` after the one before it; others take its place. */
  end(outcome: Outcome, bytes = 0, ms = 1): void {
    while (this.#inFlight < Math.min(this.limit, this.wanted)) {
      expect(this.limiter.acquire(never)).toBeUndefined();
      this.#inFlight++;
    }
    this.now += ms;
    this.#inFlight--;
    this.limiter.release(outcome, bytes);
  }

  /** How many are served until the limit changes, and to what; at most 10,000. */
  serve(bytes = 0, ms = 1): [served: number, limit: number] {
    const before = this.limit;
    let served = 0;
    while (served < 10_000 && this.limit === before) {
      this.end("served", bytes, ms);
      served++;
    }
    return [served, this.limit];
  }

  /** So many end so; those that were in flight before a change say nothing new. */
  letPass(count: number): void {
    for (let passed = 0; passed < count; passed++) this.end("served");
  }
}

describe("the limit rises", () => {
  it("twofold after each round, as long as that brings more, up to its most", () => {
    const flow = new Flow();
    expect(flow.limit).toBe(24);
    expect([flow.serve(0, 10), flow.serve(0, 5)]).toEqual([
      [24, 48],
      [48, 96],
    ]);
    expect(flow.serve(0, 2)).toEqual([10_000, 96]);
    const narrow = new Flow({ most: 30 });
    expect(narrow.serve(0, 10)).toEqual([24, 30]);
    expect(new Flow({ most: 7 }).limit).toBe(7);
  });

  it.each([
    [-1, 24],
    [0, 96],
  ])(
    "where twice as many bring a tenth more, to the byte, a request counting as 16 KiB: %i",
    (more, limit) => {
      const flow = new Flow();
      const each = (count: number) => count - 16 * 1024;
      flow.serve(each(20_000), 10);
      for (let served = 1; served < 48; served++) flow.end("served", each(22_000), 10);
      expect(flow.serve(each(22_000) + more, 10)).toEqual([1, limit]);
    },
  );

  it("as if a round that takes no time took a millisecond", () => {
    const flow = new Flow();
    flow.serve(0, 0);
    flow.end("served", 0, 2);
    expect(flow.serve(0, 0)).toEqual([47, 24]);
  });

  it("again after 16 rounds where it was not worth it", () => {
    const flow = new Flow();
    flow.serve();
    flow.serve();
    expect([flow.limit, flow.serve()]).toEqual([24, [16 * 24, 48]]);
  });

  it.each([
    [17, 10_000],
    [18, 24],
  ])("only where three quarters of it are in flight: %i", (wanted, served) => {
    expect(new Flow({ wanted }).serve(0, 10)[0]).toBe(served);
  });

  it("by a round that begins anew once fewer were in flight", () => {
    const flow = new Flow();
    for (let served = 0; served < 10; served++) flow.end("served");
    flow.wanted = 17;
    for (let served = 0; served < 7; served++) flow.end("served");
    flow.wanted = 24;
    expect(flow.serve()).toEqual([24, 48]);
  });
});

describe("the limit falls", () => {
  it.each<[Outcome, number]>([
    ["throttled", 12],
    ["failed", 16],
  ])("when a request is %s, once for all that were in flight", (outcome, limit) => {
    const flow = new Flow();
    for (let ended = 0; ended < 25; ended++) {
      flow.end(outcome);
      expect(flow.limit).toBe(limit);
    }
    flow.end(outcome);
    expect(flow.limit).toBe(outcome === "throttled" ? 6 : 10);
  });

  it("never below one", () => {
    const flow = new Flow({ most: 1 });
    flow.end("failed");
    flow.end("throttled");
    flow.end("throttled");
    expect(flow.limit).toBe(1);
  });

  it("by a third when answers become slow, to ten at the least, once for all that were in flight", () => {
    const flow = new Flow();
    flow.end("served");
    flow.limiter.slow();
    flow.limiter.slow();
    expect(flow.limit).toBe(16);
    flow.letPass(22);
    flow.limiter.slow();
    flow.letPass(1);
    expect(flow.limit).toBe(17);
    flow.limiter.slow();
    expect(flow.limit).toBe(11);
    flow.letPass(60);
    const { limit } = flow;
    flow.limiter.slow();
    expect(limit).toBeGreaterThan(10);
    expect(flow.limit).toBe(10);
    const alone = new Flow({ wanted: 1 });
    alone.end("served");
    for (let times = 0; times < 3; times++) alone.limiter.slow();
    expect(alone.limit).toBe(10);
    // At ten it changes nothing: the limit grows by one with each round.
    expect([alone.serve(), alone.serve()]).toEqual([
      [10, 11],
      [11, 12],
    ]);
  });
});

describe("below what was too much", () => {
  it("it grows by one with each round, and waits for eight just below", () => {
    const flow = new Flow();
    flow.end("throttled");
    for (let limit = 12; limit < 23; limit++) expect(flow.serve()).toEqual([limit, limit + 1]);
    expect(flow.serve()).toEqual([23 * 8, 24]);
    expect(flow.serve()).toEqual([24, 25]);
  });

  /** The limit is too much once more as soon as it is reached. @returns the rounds that it was waited for */
  const again = (flow: Flow, outcome: Outcome) => {
    while (flow.limit < 23) flow.serve();
    const [served] = flow.serve();
    flow.end(outcome);
    return served / 23;
  };

  it("it waits twice as long each time, up to 64 rounds", () => {
    const flow = new Flow();
    flow.end("throttled");
    expect([1, 2, 3, 4, 5].map(() => again(flow, "throttled"))).toEqual([8, 16, 32, 64, 64]);
  });

  it("it waits no longer for connections that break", () => {
    const flow = new Flow();
    flow.end("throttled");
    expect([1, 2].map(() => again(flow, "failed"))).toEqual([8, 8]);
  });

  it("it rises as at first once that is no longer too much, and waits for eight rounds again", () => {
    const flow = new Flow();
    flow.end("throttled");
    again(flow, "throttled");
    again(flow, "served");
    while (flow.limit < 25) flow.serve();
    expect(flow.serve(0, 10)).toEqual([25, 50]);
    flow.end("throttled");
    expect(flow.limit).toBe(25);
    while (flow.limit < 49) flow.serve();
    expect(flow.serve()).toEqual([49 * 8, 50]);
  });

  it("it forgets what fewer brought: what was too much is no measure for what comes after", () => {
    const flow = new Flow();
    flow.serve();
    flow.end("throttled");
    while (flow.limit < 49) flow.serve();
    expect(flow.serve(0, 100)).toEqual([49, 96]);
  });

  it("it stays within its most", () => {
    const flow = new Flow({ most: 4 });
    flow.end("throttled");
    flow.letPass(1000);
    expect(flow.limit).toBe(4);
  });
});

it("a number that was asked for stays, and what was served is counted all the same", () => {
  const flow = new Flow({ fixed: 30 });
  flow.letPass(500);
  flow.limiter.slow();
  flow.end("throttled");
  flow.end("failed");
  expect([flow.limit, flow.limiter.served]).toEqual([30, 500]);
  const free = new Flow();
  for (const outcome of ["served", "failed", "throttled", "served"] as const) free.end(outcome);
  expect(free.limiter.served).toBe(2);
});
