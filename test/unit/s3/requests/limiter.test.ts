import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Limiter, MOST_IN_FLIGHT } from "../../../../src/s3/requests/limiter.js";

const cancellation = new Cancellation();

/** Requests one after the other through a limiter that is full, against a server that bears `bears` at once. */
async function rounds(limiter: Limiter, count: number, bears: number): Promise<{ refused: number }> {
  let refused = 0;
  let left = count;
  while (left > 0) {
    const batch = Math.min(limiter.limit, left);
    for (let index = 0; index < batch; index++) await limiter.acquire(cancellation);
    for (let index = 0; index < batch; index++) {
      if (index >= bears) refused++;
      else left--;
      limiter.release(index < bears ? "served" : "throttled");
    }
  }
  return { refused };
}

describe("Limiter", () => {
  it("grows while the server bears it", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    await rounds(limiter, 2000, Number.POSITIVE_INFINITY);
    expect(limiter.limit).toBeGreaterThan(48);
  });

  it("stays near what a small server bears, and asks for more ever more rarely", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    await rounds(limiter, 200, 4);
    const { refused } = await rounds(limiter, 1500, 4);
    expect(refused).toBeLessThan(15);
    expect(limiter.limit).toBeGreaterThanOrEqual(2);
    expect(limiter.limit).toBeLessThanOrEqual(5);
  });

  it("grows again, round by round, once the server bears what it refused", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    await rounds(limiter, 1000, 4);
    await rounds(limiter, 64 * 5, Number.POSITIVE_INFINITY);
    const before = limiter.limit;
    await rounds(limiter, 300, Number.POSITIVE_INFINITY);
    expect(limiter.limit).toBeGreaterThan(before + 10);
  });

  it("recovers from a server that refused everything for a while", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    for (let index = 0; index < 100; index++) {
      await limiter.acquire(cancellation);
      limiter.release("throttled");
    }
    expect(limiter.limit).toBe(1);
    await rounds(limiter, 64 * 2 + 300, Number.POSITIVE_INFINITY);
    expect(limiter.limit).toBeGreaterThan(15);
  });

  it("is not brought down for good by a connection that breaks now and then", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    let least = Number.POSITIVE_INFINITY;
    for (let index = 1; index < 20_000; index++) {
      await limiter.acquire(cancellation);
      limiter.release(index % 200 === 0 ? "failed" : "served");
      if (index > 1000) least = Math.min(least, limiter.limit);
    }
    expect(least).toBeGreaterThanOrEqual(8);
  });

  it("waits where answers become slow, and does not go below what the AWS CLI has", async () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    await rounds(limiter, 2000, Number.POSITIVE_INFINITY);
    const before = limiter.limit;
    limiter.slow();
    expect(limiter.limit).toBeLessThan(before);
    for (let index = 0; index < 500; index++) {
      await limiter.acquire(cancellation);
      limiter.slow();
      limiter.release("served");
      expect(limiter.limit).toBeGreaterThanOrEqual(10);
    }
    expect(limiter.limit).toBeLessThanOrEqual(11);
  });

  it("gives up nothing of a server that answers one request after the other", () => {
    const limiter = new Limiter(undefined, MOST_IN_FLIGHT, () => 0);
    /** Seconds: of work for each request, and of silence that is borne. */
    const [work, borne] = [2, 60];
    let freeAt = 0;
    let givenUp = 0;
    /** When each request under way was sent, and will be answered. */
    const underWay: [sent: number, answered: number][] = [];
    for (let now = 0, left = 1000; left > 0; ) {
      while (underWay.length < Math.min(limiter.limit, left)) {
        limiter.acquire(cancellation);
        freeAt = Math.max(freeAt, now) + work;
        underWay.push([now, freeAt]);
      }
      const [sent, answered] = underWay.shift()!;
      now = answered;
      if (answered - sent > borne) givenUp++;
      if (answered - sent > borne / 4) limiter.slow();
      limiter.release("served");
      left--;
    }
    expect(givenUp).toBe(0);
  });

  it("leaves alone what the user asked for", async () => {
    const limiter = new Limiter(7, MOST_IN_FLIGHT, () => 0);
    await limiter.acquire(cancellation);
    limiter.slow();
    limiter.release("throttled");
    expect(limiter.limit).toBe(7);
  });
});
