import { afterEach, describe, expect, it, vi } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { NoResponse, Silence, unreadable } from "../../../../src/http/no-response.js";
import type { WireRequest } from "../../../../src/http/request.js";
import type { Response, ResponseHead } from "../../../../src/http/response.js";
import { UnreadableResponse } from "../../../../src/http/unreadable-response.js";
import { Wire } from "../../../../src/http/wire.js";
import { bufferBody } from "../../../../src/s3/requests/bodies.js";
import { Limiter } from "../../../../src/s3/requests/limiter.js";
import type { Body, S3Request } from "../../../../src/s3/requests/request.js";
import { Sender } from "../../../../src/s3/requests/sender.js";
import type { StoreOptions } from "../../../../src/s3/store.js";
import { errorOf } from "../../../support/refusing-store.js";
import { response } from "../../../support/scripted-sender.js";
import { quickContext } from "../../../support/store-world.js";

const GET: S3Request = { operation: "GetObject", method: "GET", bucket: "b", key: "k" };
const POST: S3Request = { ...GET, operation: "CreateMultipartUpload", method: "POST" };
const OK = response(200);
const error = (status: number, code: string, headers: Record<string, string> = {}): Response => {
  const refusal = errorOf(status, code, "m");
  return { ...refusal, headers: { ...refusal.headers, ...headers } };
};
const broken = (code: string) => () => new NoResponse(Object.assign(new Error(code), { code }), false);
const malformed = () => new NoResponse(unreadable(new UnreadableResponse("malformed", "m")), false);
const silent = () => new NoResponse(new Silence(1000), false);
const NOW = Date.parse("2026-01-02T03:04:05Z");

type Answer = Response | ((wire: WireRequest) => Error | Response);
const given = (answer: Answer, wire: WireRequest) => (typeof answer === "function" ? answer(wire) : answer);

afterEach(() => void vi.restoreAllMocks());

/** A sender whose wire answers so; the last answer is given again and again. */
function world(answers: readonly Answer[], options: Partial<StoreOptions> = {}, from = NOW) {
  const wires: WireRequest[] = [];
  let expired = 0;
  const context = quickContext();
  let now = from;
  context.now = () => now;
  context.random = () => 0.5;
  const slept: number[] = [];
  const told: string[] = [];
  let meanwhile: (() => Promise<unknown>) | undefined;
  context.sleep = async (ms) => {
    slept.push(ms);
    told.push("slept");
    await meanwhile?.();
  };
  context.debug = (line) => void told.push(line);
  vi.spyOn(Wire.prototype, "send").mockImplementation(async (wire) => {
    wire.onStart?.();
    const answer = given(answers[Math.min(wires.push(wire), answers.length) - 1] as Answer, wire);
    now += tookMs;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  let tookMs = 0;
  const sender = new Sender(
    {
      credentials: async () => ({ accessKeyId: "AKIA", secretAccessKey: "s" }),
      expire: () => {
        expired++;
      },
      region: "us-east-1",
      endpointUrl: "https://h.example",
      addressingStyle: "path",
      readTimeoutMs: 60_000,
      connectTimeoutMs: 10_000,
      ...options,
    } as StoreOptions,
    context,
    96,
  );
  const cancellation = new Cancellation();
  return {
    sender,
    cancellation,
    wires,
    slept,
    told,
    expired: () => expired,
    /** What is done during each wait. */
    meanwhile: (action: () => Promise<unknown>) => {
      meanwhile = action;
    },
    take: (ms: number) => {
      tookMs = ms;
    },
    send: (request: S3Request) =>
      sender.send(request, cancellation).then(
        () => "done",
        (thrown: unknown) => thrown as Error,
      ),
  };
}

describe("a request is made again", () => {
  it.each<[string, Answer, Partial<S3Request>, number]>([
    ["five times after 500", error(500, "InternalError"), {}, 5],
    ["five times after a reset", broken("ECONNRESET"), {}, 5],
    ["five times after 429", error(429, "TooManyRequests"), {}, 5],
    ["five times after silence, where it only reads", silent, {}, 5],
    ["once after silence, where it may be done already", silent, POST, 1],
    ["five times after what is no HTTP, where it only reads", malformed, {}, 5],
    ["once after what is no HTTP, where it may be done already", malformed, POST, 1],
    ["five times after a reset, though it may be done already", broken("ECONNRESET"), POST, 5],
    ["once where only a guess depends on it", error(500, "InternalError"), { isGuess: true }, 1],
    ["once after a refusal", error(403, "AccessDenied"), {}, 1],
    ["once after a name that does not exist", broken("ENOTFOUND"), {}, 1],
    ["405 times where this machine lacks descriptors", broken("EMFILE"), {}, 405],
  ])("%s", async (_how, answer, more, tries) => {
    const { send, wires } = world([answer]);
    expect(await send({ ...GET, ...more })).toBeInstanceOf(Error);
    expect(wires).toHaveLength(tries);
  });

  it("until it is done", async () => {
    const { send, wires } = world([error(500, "InternalError"), broken("EPIPE"), OK]);
    expect(await send(GET)).toBe("done");
    expect(wires).toHaveLength(3);
  });

  it("after longer and longer waits, the longer for being asked to slow down", async () => {
    const failing = world([error(500, "InternalError")]);
    await failing.send(GET);
    expect(failing.slept).toEqual([25, 50, 100, 200]);
    const throttled = world([error(503, "SlowDown")]);
    await throttled.send(GET);
    expect(throttled.slept).toEqual([500, 1000, 2000, 4000]);
    const asked = world([error(503, "SlowDown", { "retry-after": "9" })]);
    await asked.send(GET);
    expect(asked.slept).toEqual([9000, 9000, 9000, 9000]);
    const short = world([broken("EMFILE")]);
    await short.send(GET);
    expect(short.slept.slice(0, 7)).toEqual([25, 50, 100, 200, 400, 400, 400]);
  });

  it("after a wait that is told before it", async () => {
    const { send, told } = world([error(500, "InternalError"), OK]);
    await send(GET);
    const waits = told.filter((line) => line === "slept" || line.startsWith("waiting"));
    expect(waits).toEqual(["waiting 25 ms before another try", "slept"]);
  });

  it("not when it is canceled meanwhile: the reason is what is told, not how it ended", async () => {
    const reason = new Error("SIGINT");
    const canceled = world([
      () => {
        canceled.cancellation.cancel(reason);
        return broken("ECONNRESET")();
      },
    ]);
    expect(await canceled.send(GET)).toBe(reason);
    expect(canceled.wires).toHaveLength(1);
  });

  it("without waiting for keys beyond a cancellation", async () => {
    const { send, cancellation } = world([OK], { credentials: () => new Promise(() => undefined) });
    const sent = send(GET);
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    expect(await sent).toBe(reason);
  });

  it("for cleaning up, which waits for keys beyond it", async () => {
    const keys = { accessKeyId: "AKIA", secretAccessKey: "s" };
    const later = () => new Promise((resolve) => setImmediate(() => resolve(keys)));
    const { send, cancellation, wires } = world([OK], { credentials: later as StoreOptions["credentials"] });
    cancellation.cancel(new Error("SIGINT"));
    expect(await send({ ...GET, cleansUp: true })).toBe("done");
    expect(wires[0]?.headers.authorization).toContain("AKIA");
  });

  it("not after a cancellation, but for one that cleans up, which is made once", async () => {
    const canceled = world([OK]);
    const reason = new Error("SIGINT");
    canceled.cancellation.cancel(reason);
    expect(await canceled.send(GET)).toBe(reason);
    expect(canceled.wires).toEqual([]);
    // Another part may have failed in a way that would be tried again.
    const failed = world([OK]);
    const failure = broken("ECONNRESET")();
    failed.cancellation.cancel(failure);
    expect([await failed.send(GET), failed.wires, failed.slept]).toEqual([failure, [], []]);
    const cleaning = world([error(500, "InternalError")]);
    expect(await cleaning.send({ ...GET, cleansUp: true })).toBeInstanceOf(Error);
    expect(cleaning.wires).toHaveLength(5);
    cleaning.cancellation.cancel(reason);
    expect(await cleaning.send({ ...GET, cleansUp: true })).toMatchObject({ code: "InternalError" });
    expect(cleaning.wires).toHaveLength(6);
  });
});

describe("a request that fails while others are served", () => {
  /** Another one is served during each of the first waits. @returns the waits, and how often it was sent */
  async function failing(answer: Answer, { served = Number.POSITIVE_INFINITY, tookMs = 0 } = {}) {
    const made = world([(wire) => (wire.path.endsWith("/other") ? OK : given(answer, wire))]);
    let left = served;
    made.take(tookMs);
    made.meanwhile(async () => left-- > 0 && made.send({ ...GET, key: "other" }));
    expect(await made.send(GET)).toBeInstanceOf(Error);
    return { slept: made.slept, tries: made.wires.filter(({ path }) => path.endsWith("/k")).length };
  }

  it.each<[string, Answer, { served?: number; tookMs?: number }, number]>([
    ["twenty-five times when it is asked to slow down", error(503, "SlowDown"), {}, 25],
    ["twenty-five times when it is reset within five seconds", broken("ECONNRESET"), { tookMs: 4999 }, 25],
    ["five times when it is reset later: it was being worked on", broken("ECONNRESET"), { tookMs: 5000 }, 5],
    ["five times when the server is at fault", error(500, "InternalError"), {}, 5],
    ["once more for each time that others were served between", broken("ECONNRESET"), { served: 1 }, 6],
  ])("is made %s", async (_how, answer, more, tries) => {
    expect(await failing(answer, more)).toMatchObject({ tries });
  });

  it("waits longer after every third time", async () => {
    const { slept } = await failing(broken("ECONNRESET"));
    expect(slept.slice(0, 11)).toEqual([25, 25, 25, 25, 50, 50, 50, 100, 100, 100, 200]);
  });
});

describe("keys that have expired", () => {
  const EXPIRED = error(400, "ExpiredToken");

  it("are replaced once, at once", async () => {
    const once = world([EXPIRED, OK]);
    expect(await once.send(GET)).toBe("done");
    expect([once.expired(), once.slept]).toEqual([1, []]);
    const twice = world([EXPIRED]);
    expect(await twice.send(GET)).toMatchObject({ code: "ExpiredToken" });
    expect([twice.expired(), twice.wires.length]).toEqual([1, 2]);
    // The same session has been given up already.
    await twice.send(GET);
    expect(twice.expired()).toBe(1);
  });

  it("cannot be replaced where there are none", async () => {
    const { send, wires, expired } = world([EXPIRED], { credentials: undefined });
    expect(await send(GET)).toBeInstanceOf(Error);
    expect([wires.length, expired()]).toEqual([1, 0]);
  });
});

describe("a clock that is wrong", () => {
  const skewed = (ms: number) =>
    error(403, "RequestTimeTooSkewed", { date: new Date(NOW + ms).toUTCString() });
  const HOUR = 3_600_000;

  it.each([HOUR, -HOUR, 25 * HOUR, -25 * HOUR])("is set by the server's, and stays so: %i ms", async (ms) => {
    const { send, wires } = world([skewed(ms), OK]);
    expect([await send(GET), await send(GET)]).toEqual(["done", "done"]);
    const stamp = new Date(NOW + ms).toISOString().replace(/[-:]|\.\d+/g, "");
    expect(wires.map(({ headers }) => headers["x-amz-date"])).toEqual(["20260102T030405Z", stamp, stamp]);
  });

  it("is not set while nobody says so", async () => {
    const { send, wires } = world([OK], {}, NOW + 999);
    await send(GET);
    expect(wires[0]?.headers["x-amz-date"]).toBe("20260102T030405Z");
  });

  it.each([
    ["by more than a day", skewed(25 * HOUR + 1000), 1, 999],
    ["by more than a day, behind", skewed(-25 * HOUR), 1, 1],
    ["by nobody knows how much", error(403, "RequestTimeTooSkewed"), 1, 0],
    ["each time", skewed(HOUR), 2, 0],
  ])("is left alone where it is wrong %s", async (_how, answer, tries, tookMs) => {
    const { send, wires, take } = world([answer]);
    take(tookMs);
    expect(await send(GET)).toMatchObject({ code: "RequestTimeTooSkewed" });
    expect(wires).toHaveLength(tries);
  });
});

describe("a bucket that is elsewhere", () => {
  const inRegion = (region: string) => error(301, "PermanentRedirect", { "x-amz-bucket-region": region });
  const regions = (wires: readonly WireRequest[]) =>
    wires.map(({ headers }) => headers.authorization?.split("/")[2]);

  it("is asked there at once, from then on, and only it", async () => {
    const { send, wires, slept, told } = world([inRegion("eu-west-3"), OK]);
    await send(GET);
    await send(GET);
    await send({ ...GET, bucket: "other" });
    expect(regions(wires)).toEqual(["us-east-1", "eu-west-3", "eu-west-3", "us-east-1"]);
    expect(slept).toEqual([]);
    expect(told.filter((line) => line.startsWith("the bucket"))).toEqual(["the bucket b is in eu-west-3"]);
  });

  it("is not followed to a fourth region, nor back, nor to none", async () => {
    const far = world(["eu-west-1", "eu-west-2", "eu-west-3", "eu-west-4"].map(inRegion));
    expect(await far.send(GET)).toMatchObject({ code: "PermanentRedirect" });
    expect(regions(far.wires)).toEqual(["us-east-1", "eu-west-1", "eu-west-2"]);
    const back = world([inRegion("us-east-1")]);
    await back.send(GET);
    expect(back.wires).toHaveLength(1);
    const none = world([error(301, "PermanentRedirect")]);
    await none.send(GET);
    expect(none.wires).toHaveLength(1);
    const service = world([inRegion("eu-west-1")]);
    await service.send({ ...GET, bucket: undefined, key: undefined });
    expect(service.wires).toHaveLength(1);
  });

  it("is asked first where it is supposed to be", async () => {
    const { send, wires } = world([OK]);
    await send({ ...GET, region: "eu-central-1" });
    expect(regions(wires)).toEqual(["eu-central-1"]);
  });

  it("is named in the host where the server wants it so, at once", async () => {
    const { send, wires, slept } = world([error(403, "SecondLevelDomainForbidden"), OK], {
      addressingStyle: "auto",
    });
    expect(await send({ ...GET, bucket: "bucket" })).toBe("done");
    expect(wires.map(({ headers }) => headers.host)).toEqual(["h.example", "bucket.h.example"]);
    expect(slept).toEqual([]);
  });
});

describe("who sends a request is told", () => {
  it.each<[string, Answer, number]>([
    ["500", error(500, "InternalError"), 5],
    ["no response", broken("ECONNRESET"), 5],
    ["a refusal", error(403, "AccessDenied"), 0],
    ["no connection", broken("ECONNREFUSED"), 0],
  ])("of each doubt whether it was done: %s", async (_what, answer, doubts) => {
    const told: unknown[] = [];
    await world([answer]).send({ ...GET, onDoubt: (doubt) => void told.push(doubt) });
    expect(told).toHaveLength(doubts);
  });

  it("of the bytes that are sent, and that a failed try takes back", async () => {
    const told: number[] = [];
    const body = bufferBody(Buffer.from("x"));
    const PUT: S3Request = { ...GET, method: "PUT", body, onSent: (bytes) => void told.push(bytes) };
    await world([error(500, "InternalError"), OK]).send(PUT);
    expect(told).toEqual([1, -1, 1]);
    told.length = 0;
    await world([error(500, "InternalError"), OK]).send({ ...PUT, body: undefined });
    expect(told).toEqual([]);
  });

  it("what kept its body from being read, not how the server took that", async () => {
    const unread = new Error("EIO");
    const body: Body = {
      size: 9,
      hash: () => "",
      // biome-ignore lint/correctness/useYield: it fails before it has anything
      *chunks() {
        throw unread;
      },
    };
    const { send } = world([
      (wire) => {
        expect(() => [...(wire.body as Iterable<Uint8Array>)]).toThrow(unread);
        return broken("ECONNRESET")();
      },
    ]);
    expect(await send({ ...GET, method: "PUT", body })).toBe(unread);
  });

  it("what a response brought that it did not take as it came, once that is no error", async () => {
    const told: unknown[] = [];
    const sink = {
      takes: () => false,
      onResponse: ({ status }: ResponseHead) => void told.push(status),
      onChunk: (chunk: Buffer) => {
        told.push(chunk.toString());
        return undefined;
      },
    };
    const failed = world([error(500, "InternalError"), response(200, {}, "body")]);
    expect(await failed.send({ ...GET, sink })).toBe("done");
    expect(told).toEqual([200, "body"]);
  });

  it("what failed, how often, and whether without TLS", async () => {
    const failed = await world([broken("ECONNRESET")]).send(GET);
    expect(failed).toMatchObject({ operation: "GetObject", tries: 5, overHttp: false });
    const plain = world([broken("ECONNRESET")], { endpointUrl: "http://h.example" });
    expect(await plain.send(GET)).toMatchObject({ overHttp: true });
  });

  it("whom and what a refusal was about", async () => {
    const denied = [error(403, "AccessDenied")];
    const about = { bucket: "b", key: "k", versionId: "v", region: "us-east-1", unsigned: false };
    const query = { versionId: "v" };
    expect(await world(denied).send({ ...GET, query })).toMatchObject({ asked: about });
    expect(await world(denied, { credentials: undefined }).send(GET)).toMatchObject({
      asked: { unsigned: true },
    });
  });
});

describe("how many requests may be in flight", () => {
  it.each<[string, Answer, Partial<S3Request>, number]>([
    ["stays after a success", OK, {}, 24],
    ["stays after a refusal", error(403, "AccessDenied"), {}, 24],
    ["halves when the server is asked too much", error(503, "SlowDown"), { isGuess: true }, 12],
    ["falls when a connection breaks", broken("ECONNRESET"), { isGuess: true }, 16],
    ["is not for what cleans up", error(503, "SlowDown"), { cleansUp: true, isGuess: true }, 24],
  ])("%s", async (_what, answer, more, limit) => {
    const { send, sender } = world([answer]);
    await send({ ...GET, ...more });
    expect(sender.atOnce).toBe(limit);
  });

  it.each([
    [15_000, 60_000, 24],
    [15_001, 60_000, 16],
    [99_000, 0, 24],
    [1, 1, 16],
  ])(
    "falls when a response takes a quarter of the silence: %i ms of %i",
    async (ms, readTimeoutMs, limit) => {
      const { send, sender, take } = world([OK], { readTimeoutMs });
      take(ms);
      await send(GET);
      expect(sender.atOnce).toBe(limit);
    },
  );
});

describe("the limiter is told", () => {
  const hello = bufferBody(Buffer.from("hello"));
  const length = (bytes: number) => response(200, { "content-length": String(bytes) });
  it.each<[string, Answer, Partial<S3Request>, unknown[]]>([
    ["what the response brought", length(7), {}, ["served", 7]],
    ["nothing of what HEAD tells", length(7), { method: "HEAD" }, ["served", 0]],
    ["what was sent and brought", length(3), { method: "PUT", body: hello }, ["served", 8]],
    ["nothing where no length is told", OK, {}, ["served", 0]],
    ["nothing of a failure", broken("ENOTFOUND"), { method: "PUT", body: hello }, ["failed", 0]],
  ])("%s", async (_what, answer, more, expected) => {
    const release = vi.spyOn(Limiter.prototype, "release");
    await world([answer]).send({ ...GET, ...more });
    expect(release.mock.calls).toEqual([expected]);
  });

  it("nothing of what cleans up, which waits for no turn", async () => {
    const [acquire, release] = [
      vi.spyOn(Limiter.prototype, "acquire"),
      vi.spyOn(Limiter.prototype, "release"),
    ];
    await world([OK]).send({ ...GET, cleansUp: true });
    expect([acquire, release].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});

it.each([OK, broken("ENOTFOUND")])("a request that has ended is watched no longer", async (answer) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { send, wires } = world([answer]);
  await send(GET);
  const left = vi.getTimerCount();
  vi.useRealTimers();
  expect([wires.length, left]).toEqual([1, 0]);
});

it.each<[string, Partial<S3Request>, Partial<WireRequest>]>([
  ["a request", {}, { silenceMs: 60_000, connections: undefined }],
  ["one that S3 works long for", { isSlowOperation: true }, { silenceMs: 120_000 }],
  ["one that cleans up", { cleansUp: true }, { silenceMs: 1500 }],
  ["one that leads to many", { leadsToMany: true }, { connections: 10 }],
])("%s has its silence and connections", async (_what, more, expected) => {
  const { send, wires } = world([OK]);
  await send({ ...GET, ...more });
  expect(wires[0]).toMatchObject(expected);
});

it("a sender that is no longer needed closes its connections", () => {
  const destroy = vi.spyOn(Wire.prototype, "destroy");
  world([OK]).sender.destroy();
  expect(destroy).toHaveBeenCalledOnce();
});
