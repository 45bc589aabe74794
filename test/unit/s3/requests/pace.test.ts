import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { NoResponse } from "../../../../src/http/no-response.js";
import { isTooSlow, Pace, paceOf, TooSlow } from "../../../../src/s3/requests/pace.js";

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
    { allowed: 0.001, ends: 3600 },
    { allowed: 0, ends: undefined },
  ])("of a copy, which brings nothing of use while S3 is at it: $allowed", ({ allowed, ends }) => {
    const made = pace(COPY, allowed * SECOND);
    const { cancellation } = made;
    made.watch.onKept(1_000_000);
    vi.advanceTimersByTime(3600 * SECOND - 1);
    expect(cancellation.reason).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(isTooSlow(cancellation.reason)).toBe(ends !== undefined);
    made.end();
  });
});

it.each([
  [new NoResponse(new TooSlow(), false), true],
  [new NoResponse(new Error("reset"), false), false],
  [new Error("of another kind", { cause: new TooSlow() }), false],
  [undefined, false],
])("an error tells whether a response came too slowly: %s %s", (error, expected) => {
  expect(isTooSlow(error)).toBe(expected);
});

describe("the pace of a request", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const taken: number[] = [];
  const sink = (busy?: Promise<void>) => ({
    onResponse: () => undefined,
    onChunk: (chunk: Buffer) => {
      taken.push(chunk.length);
      return busy;
    },
  });
  const start = (asked: object, { length = 0, cancellation = new Cancellation(), allowed = 60 } = {}) => {
    const headers = { "content-length": String(length) };
    const body = length === 0 ? undefined : Buffer.alloc(0);
    const wire = { origin: "http://a", method: "PUT", path: "/", headers, body };
    const made = paceOf({ ...GET, ...asked }, wire, { readTimeoutMs: allowed * SECOND }, cancellation, {
      now: Date.now,
    });
    made.watch.onStart();
    return made;
  };
  /** Seconds until it ends. */
  const endOf = ({ cancellation }: ReturnType<typeof start>) => {
    const before = Date.now();
    while (cancellation.reason === undefined && Date.now() - before < 9000 * SECOND)
      vi.advanceTimersByTime(500);
    return (Date.now() - before) / SECOND;
  };

  it("gives a body the time that 1 KiB a second takes to be sent, before that of the response", () => {
    expect(endOf(start({}, { length: 1000 * 1024 }))).toBe(1180);
    expect(endOf(start(COPY, { length: 10 * 1024 }))).toBe(3610);
  });

  it("has no limit where none is wanted, however long the body", () => {
    const made = start({}, { length: 10 * 1024, allowed: 0 });
    expect(endOf(made)).toBe(9000);
    made.end();
  });

  it("ends what has a millisecond after that", () => {
    const made = new Pace({ responseMs: 1, sending: 0 }, undefined, undefined, { now: Date.now });
    made.watch.onStart();
    vi.advanceTimersByTime(1);
    expect(isTooSlow(made.cancellation.reason)).toBe(true);
  });

  it("begins anew with a connection that takes the place of a broken one", () => {
    const made = start({});
    vi.advanceTimersByTime(100 * SECOND);
    made.watch.onStart();
    expect(endOf(made)).toBe(180);
  });

  it("gives cleaning-up 1.5 seconds, and does not end it with the run", () => {
    const cancellation = new Cancellation();
    const made = start({ cleansUp: true, sink: sink() }, { length: 10 * 1024, cancellation });
    cancellation.cancel(new Error("SIGINT"));
    expect(made.sink).toBeUndefined();
    vi.advanceTimersByTime(1499);
    expect(made.cancellation.reason).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(made.cancellation.reason).toBeInstanceOf(NoResponse);
  });

  it("ends with the run, until it has ended itself", () => {
    const [cancellation, later] = [new Cancellation(), new Cancellation()];
    const made = start({}, { cancellation });
    cancellation.cancel(new Error("SIGINT"));
    expect(made.cancellation.reason).toEqual(new Error("SIGINT"));
    const ended = start({}, { cancellation: later });
    ended.end();
    later.cancel(new Error("SIGINT"));
    vi.advanceTimersByTime(9000 * SECOND);
    expect(ended.cancellation.reason).toBeUndefined();
  });

  it.each([true, false])("tells whether the response had begun: %s", (begun) => {
    const made = start({ sink: sink() });
    if (begun) made.sink?.onResponse({ status: 200, headers: {} });
    endOf(made);
    expect(made.cancellation.reason).toMatchObject({ begun });
  });

  it("counts what a sink takes, and asks for its share again and again", () => {
    const made = start({ sink: sink() });
    made.sink?.onChunk(Buffer.alloc(180 * 256));
    // The share of the first three minutes, and none of the next.
    expect(endOf(made)).toBe(360);
    const less = start({ sink: sink() });
    less.sink?.onChunk(Buffer.alloc(180 * 256 - 1));
    expect(endOf(less)).toBe(180);
    const lessThen = start({ sink: sink() });
    lessThen.sink?.onChunk(Buffer.alloc(180 * 256));
    vi.advanceTimersByTime(180 * SECOND);
    lessThen.sink?.onChunk(Buffer.alloc(180 * 256 - 1));
    expect(endOf(lessThen)).toBe(180);
  });

  it("is not slow while what was taken is waited for, nor for the rest of that time", async () => {
    let go: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => {
      go = resolve;
    });
    const made = start({ sink: sink(busy) });
    made.sink?.onChunk(Buffer.alloc(1));
    vi.advanceTimersByTime(1000 * SECOND);
    expect(made.cancellation.reason).toBeUndefined();
    go();
    await busy;
    await Promise.resolve();
    // At 1080 s it is looked at, and then has 180 s of its own.
    expect(endOf(made)).toBe(260);
  });

  it.each([
    [64 * 1024, 5000],
    [64 * 1024 + 1, 0],
  ])("knows how long the response was waited for, after a body of %i bytes: %i ms", (length, waited) => {
    for (const begin of ["sink", "kept", "end"]) {
      const made = start({ sink: sink() }, { length });
      vi.advanceTimersByTime(5 * SECOND);
      if (begin === "sink") made.sink?.onResponse({ status: 200, headers: {} });
      if (begin === "kept") made.watch.onKept(1);
      if (begin !== "end") vi.advanceTimersByTime(5 * SECOND);
      expect(made.waitedMs).toBe(waited);
      made.end();
    }
  });

  it.each([true, false, undefined])("lets a sink say whether it takes a response: %s", (takes) => {
    const own = takes === undefined ? sink() : { ...sink(), takes: () => takes };
    const made = start({ sink: own });
    expect(made.sink?.takes?.({ status: 200, headers: {} })).toBe(takes !== false);
    made.end();
  });
});
