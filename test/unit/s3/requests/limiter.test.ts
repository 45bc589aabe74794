import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Limiter, MOST_IN_FLIGHT } from "../../../../src/s3/requests/limiter.js";

const cancellation = new Cancellation();

interface Link {
  /** Milliseconds until a response begins. */
  readonly rtt: number;
  /** Bytes a millisecond: of one connection, and of all. */
  readonly each: number;
  readonly all: number;
  /** Requests at once that the server takes; it refuses others at once. */
  readonly bears: number;
}

const FAST: Link = { rtt: 10, each: 80_000, all: Number.POSITIVE_INFINITY, bears: Number.POSITIVE_INFINITY };

/** A limiter, and a clock that goes as fast as the link permits. */
class World {
  now = 1;
  readonly limiter: Limiter;

  constructor(fixed?: number, most = MOST_IN_FLIGHT) {
    this.limiter = new Limiter(fixed, most, () => this.now);
  }

  /**
   * `count` requests that move `bytes` each, as many at once as the limiter lets pass.
   *
   * @returns milliseconds, how many were refused, and the limits on the way
   */
  async transfer(count: number, bytes: number, link: Partial<Link> = {}) {
    const { rtt, each, all, bears } = { ...FAST, ...link };
    const { limiter } = this;
    const begun = this.now;
    const ends: { at: number; isServed: boolean }[] = [];
    const limits: number[] = [];
    let refused = 0;
    let left = count;
    while (left > 0 || ends.length > 0) {
      while (left > 0 && ends.length < limiter.limit) {
        await limiter.acquire(cancellation);
        const isServed = ends.filter((end) => end.isServed).length < bears;
        const rate = Math.min(each, all / (ends.length + 1));
        ends.push({ at: this.now + rtt + (isServed ? bytes / rate : 0), isServed });
        left--;
      }
      ends.sort((a, b) => a.at - b.at);
      const { at, isServed } = ends.shift()!;
      this.now = Math.max(this.now, at);
      if (!isServed) {
        refused++;
        left++;
      }
      limiter.release(isServed ? "served" : "throttled", bytes);
      limits.push(limiter.limit);
    }
    return { ms: this.now - begun, refused, limits };
  }
}

const PART = 8 * 1024 * 1024;

describe("Limiter", () => {
  it.each([
    ["small objects, 10 ms away", 10_000, 4096, {}],
    ["parts over connections of 80 MB/s", 1000, PART, {}],
    ["parts over slow connections, far away", 1000, PART, { rtt: 30, each: 40_000 }],
  ])("goes as far as it may where each further request brings as much: %s", async (_, count, bytes, link) => {
    const world = new World();
    await world.transfer(count, bytes, link);
    expect(world.limiter.limit).toBe(MOST_IN_FLIGHT);
  });

  it("reaches that within two rounds", async () => {
    const { limits } = await new World().transfer(1000, PART);
    expect(limits.indexOf(MOST_IN_FLIGHT)).toBeLessThan(24 + 48 + 1);
  });

  it("goes back where twice as many bring no more, and looks again now and then", async () => {
    const { limits } = await new World().transfer(3000, PART, { all: 300_000 });
    expect(Math.max(...limits.slice(0, 100))).toBeGreaterThan(24);
    const share = limits.filter((limit) => limit === 24).length / limits.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(1);
  });

  it("finds out when a link that was full has more to give", async () => {
    const world = new World();
    await world.transfer(500, PART, { all: 300_000 });
    await world.transfer(3000, PART);
    expect(world.limiter.limit).toBe(MOST_IN_FLIGHT);
  });

  it("draws no conclusion from fewer requests than it lets pass", async () => {
    const world = new World();
    for (let index = 0; index < 500; index++) {
      await world.limiter.acquire(cancellation);
      world.now += 10;
      world.limiter.release("served", PART);
    }
    expect(world.limiter.limit).toBe(24);
  });

  it.each([
    ["any number at once", {}],
    ["a link that is full", { all: 300_000 }],
    ["a small server", { bears: 4 }],
    ["far away", { rtt: 30, each: 40_000 }],
  ])("takes at most a tenth longer for 8 GiB than with the best number: %s", async (_, link) => {
    const fixed = [4, 8, 16, 24, 32, 48, 64].map((number) => new World(number).transfer(1024, PART, link));
    const best = Math.min(...(await Promise.all(fixed)).map(({ ms }) => ms));
    const { ms } = await new World().transfer(1024, PART, link);
    expect(ms).toBeLessThan(best * 1.1);
  });

  it("stays near what a small server bears, and asks for more ever more rarely", async () => {
    const world = new World();
    await world.transfer(200, 4096, { bears: 4 });
    const { refused } = await world.transfer(1500, 4096, { bears: 4 });
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(15);
    expect(world.limiter.limit).toBeGreaterThanOrEqual(2);
    expect(world.limiter.limit).toBeLessThanOrEqual(5);
  });

  it("grows again once the server bears what it refused", async () => {
    const world = new World();
    await world.transfer(1000, 4096, { bears: 4 });
    await world.transfer(1500, 4096);
    expect(world.limiter.limit).toBe(MOST_IN_FLIGHT);
  });

  it("recovers from a server that refused everything for a while", async () => {
    const world = new World();
    for (let index = 0; index < 100; index++) {
      await world.limiter.acquire(cancellation);
      world.limiter.release("throttled", 0);
    }
    expect(world.limiter.limit).toBe(1);
    await world.transfer(500, 4096);
    expect(world.limiter.limit).toBeGreaterThan(15);
  });

  it("is not brought down for good by a connection that breaks now and then", async () => {
    const { limiter } = new World();
    let least = Number.POSITIVE_INFINITY;
    for (let index = 1; index < 20_000; index++) {
      await limiter.acquire(cancellation);
      limiter.release(index % 200 === 0 ? "failed" : "served", 0);
      if (index > 1000) least = Math.min(least, limiter.limit);
    }
    expect(least).toBeGreaterThanOrEqual(8);
  });

  it("waits where answers become slow, and does not go below what the AWS CLI has", async () => {
    const { limiter } = new World();
    const before = limiter.limit;
    limiter.slow();
    expect(limiter.limit).toBeLessThan(before);
    for (let index = 0; index < 500; index++) {
      await limiter.acquire(cancellation);
      limiter.slow();
      limiter.release("served", 0);
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
      limiter.release("served", 0);
      left--;
    }
    expect(givenUp).toBe(0);
  });

  it("leaves alone what the user asked for", async () => {
    const limiter = new Limiter(7, MOST_IN_FLIGHT, () => 0);
    await limiter.acquire(cancellation);
    limiter.slow();
    limiter.release("throttled", 0);
    expect(limiter.limit).toBe(7);
  });
});
