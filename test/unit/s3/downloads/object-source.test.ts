import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { NoResponse } from "../../../../src/http/no-response.js";
import type { Response } from "../../../../src/http/response.js";
import { type KnownObject, UnknownSize } from "../../../../src/s3/downloads/check-response.js";
import { ObjectSource } from "../../../../src/s3/downloads/object-source.js";
import { ReportedChecksums } from "../../../../src/s3/downloads/reported-checksums.js";
import type { ByteRange } from "../../../../src/s3/downloads/target.js";
import { TooSlow } from "../../../../src/s3/requests/pace.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import { errorOf } from "../../../support/refusing-store.js";
import { response, scriptedSender } from "../../../support/scripted-sender.js";

const ref = { bucket: "b", key: "k" };
const TEXT = "0123456789";
const ALL: ByteRange = { start: 0, end: 10 };
const broken = () => new NoResponse(new Error("reset"), true);
const error = (status: number, code: string) => new ServerError(errorOf(status, code, "m"), "GetObject");

type Answer = (request: S3Request) => Response | Error;

/** The body goes to the sink in two chunks; then the request ends, with this error if there is one. */
const serve =
  (status: number, headers: Record<string, string>, body: string, failure?: Error): Answer =>
  ({ sink }) => {
    sink?.onResponse({ status, headers });
    for (const chunk of [body.slice(0, 1), body.slice(1)])
      if (chunk !== "") sink?.onChunk(Buffer.from(chunk));
    return failure ?? response(status, headers);
  };
/** `length` bytes from `start` on, of the ten. */
const part = (start: number, length: number, failure?: Error, etag = '"e"'): Answer =>
  serve(206, { "content-range": `bytes ${start}-9/10`, etag }, TEXT.slice(start, start + length), failure);
const whole = (headers: Record<string, string> = {}) => serve(200, { etag: '"e"', ...headers }, TEXT);
const head = (headers: Record<string, string>): Response => response(200, { etag: '"e"', ...headers });

async function read(
  answers: readonly (Answer | Response | Error)[],
  { isWhole = false, asked: range = ALL, shown = undefined as KnownObject | undefined, again = false } = {},
) {
  const { sender, sent, pauses } = scriptedSender(...answers);
  let moved = 0;
  const onBytes = (bytes: number) => {
    moved += bytes;
  };
  const source = new ObjectSource(sender, ref, {}, onBytes, shown);
  let got = "";
  let responses = 0;
  const chunks: number[] = [];
  const readRange = (asked: ByteRange | undefined) =>
    source
      .readRange(
        asked,
        { "x-first": "1" },
        () => {
          responses++;
        },
        (chunk) => {
          chunks.push(chunk.length);
          got += chunk.toString();
          return undefined;
        },
        new Cancellation(),
      )
      .then(
        () => undefined,
        (thrown: unknown) => thrown as Error & { id?: string },
      );
  let ended = await readRange(isWhole ? undefined : range);
  if (again) ended = await readRange(range);
  const asked = sent.map(({ method, headers = {}, isAlone }) =>
    [method, headers.range, headers["if-match"], headers["x-first"] && "first", isAlone && "alone"]
      .filter(Boolean)
      .join(" "),
  );
  return { ended, got, asked, pauses, moved, responses, chunks };
}

describe("an object that is read", () => {
  it("is asked for in its range, and goes on, pinned, from where its body broke", async () => {
    const { ended, ...rest } = await read([part(0, 4, broken()), part(4, 3, broken()), part(7, 3)]);
    expect([ended, rest.got, rest.moved, rest.responses]).toEqual([undefined, TEXT, 10, 1]);
    expect(rest.asked).toEqual(["GET bytes=0-9 first", 'GET bytes=4-9 "e"', 'GET bytes=7-9 "e"']);
    expect(rest.pauses).toEqual([1, 1].map((failed) => [failed, false, undefined]));
  });

  it("may be asked for from the middle on", async () => {
    const { ended, asked, got } = await read([part(5, 2, broken()), part(7, 3)], {
      asked: { start: 5, end: 10 },
    });
    expect([ended, got, asked]).toEqual([undefined, "56789", ["GET bytes=5-9 first", 'GET bytes=7-9 "e"']]);
  });

  it("is read in full again where a server minds no range, past what has come", async () => {
    const odd = serve(206, { "content-range": "bytes 3-9/10", etag: '"e"' }, "");
    const all = (failure?: Error, body = TEXT) =>
      serve(200, { etag: '"e"', "content-length": "10" }, body, failure);
    const answers = [odd, all(broken(), "0123"), all(broken(), "01"), all()];
    const { ended, got, asked, moved, chunks } = await read(answers);
    expect([ended, got, moved]).toEqual([undefined, TEXT, 10]);
    expect(Math.min(...chunks)).toBeGreaterThan(0);
    expect(asked.slice(1)).toEqual(["GET bytes=0-9 first alone", 'GET "e" alone', 'GET "e" alone']);
  });

  it("is not read in full again where nothing tells one version from another", async () => {
    const odd = serve(206, { "content-range": "bytes 3-9/10" }, "");
    const cut = serve(200, { "x-amz-id-2": "i", "content-length": "10" }, "0123", broken());
    const { ended, asked } = await read([odd, cut]);
    expect([ended?.id, asked.length]).toEqual(["s3-cut-short", 2]);
  });

  it("is read in full again where its first range breaks, and the whole comes for the rest", async () => {
    const whole = serve(200, { etag: '"e"', "content-length": "10" }, TEXT);
    const [first, rest] = ['GET bytes=4-9 "e"', 'GET "e" alone'];
    const ofAll = await read([part(0, 4, broken()), whole, whole]);
    expect([ofAll.ended, ofAll.got]).toEqual([undefined, TEXT]);
    expect(ofAll.asked.slice(1)).toEqual([first, rest]);
    const cut = serve(200, { etag: '"e"', "content-length": "10" }, TEXT.slice(0, 4), broken());
    const unranged = await read([cut, whole, whole], { isWhole: true });
    expect([unranged.ended, unranged.got]).toEqual([undefined, TEXT]);
    expect(unranged.asked.slice(1)).toEqual([first, rest]);
    // After a response to something else, when it is on a connection of its own already.
    const odd = serve(206, { "content-range": "bytes 3-9/10", etag: '"e"' }, "345");
    const alone = await read([odd, part(0, 4, broken()), whole, whole]);
    expect([alone.ended, alone.got]).toEqual([undefined, TEXT]);
    expect(alone.asked.slice(2)).toEqual([`${first} alone`, rest]);
  });

  const untold = (start: number, length: number, failure?: Error) =>
    serve(206, { "content-range": `bytes ${start}-9/10` }, TEXT.slice(start, start + length), failure);
  const ofFive = (failure: Error) =>
    serve(206, { "content-range": "bytes 0-4/10", etag: '"e"' }, TEXT.slice(0, 2), failure);
  it.each<[string, Answer, ByteRange]>([
    ["of its end", part(5, 2, broken()), { start: 5, end: 10 }],
    ["of its beginning", ofFive(broken()), { start: 0, end: 5 }],
    ["of all of what nothing tells the version of", untold(0, 2, broken()), ALL],
  ])("is refused where the whole comes for the rest of a range %s", async (_what, first, asked) => {
    const whole = serve(200, { "content-length": "10", ...(asked === ALL ? {} : { etag: '"e"' }) }, TEXT);
    const { ended, got, asked: requests } = await read([first, whole, whole, whole], { asked });
    expect([ended?.id, got.length]).toEqual(["s3-odd-answer", 2]);
    expect(requests.filter((line) => !line.includes("bytes="))).toEqual([]);
  });

  it("is refused where the whole comes for a range that is read again", async () => {
    const whole = serve(200, { etag: '"e"', "content-length": "10" }, TEXT);
    expect((await read([part(0, 10), whole, whole], { again: true })).ended?.id).toBe("s3-odd-answer");
  });

  it("goes on in ranges where nothing tells its version", async () => {
    const { ended, got } = await read([untold(0, 4, broken()), untold(4, 6)]);
    expect([ended, got]).toEqual([undefined, TEXT]);
  });

  it("takes no byte before its first response", async () => {
    const early: Answer = ({ sink }) => {
      sink?.onChunk(Buffer.from("0"));
      return response(200);
    };
    const { ended, got } = await read([early], { isWhole: true });
    expect([ended?.id, got]).toEqual(["s3-odd-answer", ""]);
  });

  it("of which no response came whole has no size yet", async () => {
    const { ended } = await read(Array(5).fill(broken()), { isWhole: true });
    expect(ended?.message).toContain("after 0 of 0 bytes");
  });

  it("goes on from where its body just ended", async () => {
    const { ended, asked, got } = await read([part(0, 4), part(4, 6)]);
    expect([ended, asked.length, got]).toEqual([undefined, 2, TEXT]);
  });

  it("is there when its last byte is, whatever becomes of the connection", async () => {
    const { ended, asked, got } = await read([part(0, 10, broken())]);
    expect([ended, asked.length, got]).toEqual([undefined, 1, TEXT]);
  });

  it.each([
    ["a refusal", error(403, "AccessDenied")],
    ["no response at all", new NoResponse(new Error("reset"), false)],
    ["what is no fault of the server's", new Error("disk")],
  ])("is not gone on with after %s", async (_what, failure) => {
    expect(await read([part(0, 4, broken()), failure])).toMatchObject({ ended: failure, got: "0123" });
  });

  it("is given up after five tries in a row without a byte, each after a longer pause", async () => {
    const nothing = part(0, 0, broken());
    const late = [nothing, nothing, nothing, nothing, part(0, 1, broken())];
    const { ended, pauses, asked } = await read([...late, ...Array(5).fill(part(1, 0, broken()))]);
    expect(ended).toMatchObject({ id: "s3-cut-short", message: expect.stringContaining("1 of 10 bytes") });
    expect(asked).toHaveLength(10);
    expect(pauses.map(([failed]) => failed)).toEqual([2, 3, 4, 5, 1, 2, 3, 4, 5]);
  });

  it("is given up after five tries that were too slow, whatever they brought", async () => {
    const slow = () => new NoResponse(new TooSlow(), true);
    const { ended, asked } = await read([0, 1, 2, 3, 4].map((start) => part(start, 1, slow())));
    expect(ended).toMatchObject({ id: "s3-cut-short" });
    expect(asked).toHaveLength(5);
  });

  it("has no byte more than was announced", async () => {
    const longer = serve(206, { "content-range": "bytes 0-9/10", etag: '"e"' }, `${TEXT}!`);
    const { ended, got } = await read([longer]);
    expect(ended).toMatchObject({ id: "s3-odd-answer" });
    expect(got).toBe("0");
  });

  it.each<[string, readonly (Answer | Error)[], string | undefined]>([
    ["412", [error(412, "PreconditionFailed")], "s3-changed"],
    ["416, when it has begun", [part(0, 4, broken()), error(416, "InvalidRange")], "s3-changed"],
    ["416, at first", [error(416, "InvalidRange")], undefined],
    ["404, when it has begun", [part(0, 4, broken()), error(404, "NoSuchKey")], undefined],
    ["another ETag", [part(0, 4, broken()), ...Array(2).fill(part(4, 6, undefined, '"f"'))], "s3-changed"],
  ])("has changed, or not, by %s", async (_how, answers, id) => {
    const { ended } = await read(answers);
    expect(ended?.id).toBe(id);
    if (id === undefined) expect(ended).toBeInstanceOf(ServerError);
  });

  it("is asked for on a connection of its own after a response to something else, once", async () => {
    const odd = serve(206, { "content-range": "bytes 3-9/10", etag: '"e"', "x-amz-request-id": "R1" }, "345");
    const { ended, asked, got, pauses } = await read([odd, part(0, 10)]);
    expect([ended, got, pauses]).toEqual([undefined, TEXT, []]);
    expect(asked).toEqual(["GET bytes=0-9 first", "GET bytes=0-9 first alone"]);
    expect((await read([odd, odd])).ended).toMatchObject({
      id: "s3-odd-answer",
      message: expect.stringContaining("R1"),
    });
  });
});

describe("an object that comes without its size", () => {
  it("is asked for in full by who asked for a range", async () => {
    const { ended } = await read([serve(206, { "content-range": "bytes 0-9/*" }, "")]);
    expect(ended).toBeInstanceOf(UnknownSize);
  });

  it("has that which HEAD tells, if it is the same", async () => {
    const asked = ["GET first", "HEAD alone", "GET first alone"];
    const same = await read([whole(), head({ "content-length": "10" }), whole()], { isWhole: true });
    expect([same.ended, same.got, same.asked]).toEqual([undefined, TEXT, asked]);
    const other = [whole(), head({ "content-length": "10", etag: '"f"' }), whole()];
    expect((await read(other, { isWhole: true })).ended).toMatchObject({ id: "s3-changed" });
    const unsized = [whole(), head({})];
    expect((await read(unsized, { isWhole: true })).ended).toMatchObject({ id: "s3-odd-answer" });
  });
});

describe("an object that a listing showed", () => {
  const shown: KnownObject = { total: 10, etag: '"e"' };
  const other = { ...shown, total: 9, etag: '"old"' };

  it("is believed where the first response agrees", async () => {
    expect(await read([part(0, 10)], { shown })).toMatchObject({ ended: undefined, got: TEXT });
  });

  it.each<[string, readonly (Response | Error)[]]>([
    ["HEAD tells", [head({ "content-length": "10" })]],
    ["HEAD is refused", [error(403, "AccessDenied")]],
  ])("is what it is now where %s", async (_what, heads) => {
    const { ended, got, asked } = await read([part(0, 10), ...heads, part(0, 10)], { shown: other });
    expect([ended, got]).toEqual([undefined, TEXT]);
    expect(asked).toEqual(["GET bytes=0-9 first", "HEAD alone", "GET bytes=0-9 first alone"]);
  });

  it("keeps its size where HEAD tells none", async () => {
    const changed = { ...other, total: 10 };
    const { ended, got, asked } = await read([whole(), head({}), whole()], { shown: changed, isWhole: true });
    expect([ended, got]).toEqual([undefined, TEXT]);
    expect(asked).toEqual(["GET first", "HEAD alone", "GET first alone"]);
  });

  it.each([
    { ...shown, total: 9 },
    { ...shown, etag: '"old"' },
  ])("is looked at where the first response differs from %j", async (before) => {
    const { ended, asked } = await read([part(0, 10), head({ "content-length": "10" }), part(0, 10)], {
      shown: before,
    });
    expect([ended, asked[1]]).toEqual([undefined, "HEAD alone"]);
  });

  it("fails where HEAD does, and where responses keep differing, at the fifth", async () => {
    const failure = error(404, "NoSuchKey");
    expect((await read([part(0, 10), failure], { shown: other })).ended).toBe(failure);
    const differing = [1, 2, 3, 4].flatMap(() => [part(0, 10), head({ "content-length": "9", etag: '"x"' })]);
    const { ended, asked } = await read([...differing, part(0, 10)], { shown: other });
    expect(ended).toMatchObject({ id: "s3-changed" });
    expect(asked).toHaveLength(9);
  });
});

describe("whether an object is empty", () => {
  it.each<[string, Response | Error, boolean]>([
    ["of no bytes", response(200, { "content-length": "0" }), true],
    ["of some bytes", response(200, { "content-length": "1" }), false],
    ["of no length", response(200), false],
    ["where HEAD is refused", error(403, "AccessDenied"), true],
    ["where HEAD fails", error(500, "InternalError"), false],
  ])("%s", async (_what, answer, expected) => {
    const { sender, sent } = scriptedSender(answer);
    const reported = new ReportedChecksums(sender, ref, {}, new Cancellation());
    expect(await reported.isEmpty()).toBe(expected);
    expect(sent).toMatchObject([{ method: "HEAD", isAlone: true, isGuess: true }]);
  });
});

describe("the checksums that HEAD reports", () => {
  const first = { size: 10, etag: '"e"', headers: {} };
  const SUM = { "x-amz-checksum-crc32": "AAAAAA==" };
  const ask = async (answers: readonly (Response | Error)[]) => {
    const { sender, sent } = scriptedSender(...answers);
    const reported = new ReportedChecksums(sender, ref, {}, new Cancellation());
    const ended = await reported.ask(first).catch((thrown: unknown) => thrown);
    return { ended, missing: reported.missing, asked: sent.map(({ isAlone }) => isAlone), sent };
  };

  it.each([{ "content-length": "10" }, {}])("are those of the object: %j", async (more) => {
    const { ended, asked, sent } = await ask([head({ ...SUM, ...more } as Record<string, string>)]);
    expect(ended).toMatchObject([{ name: "CRC32", value: "AAAAAA==" }]);
    expect(asked).toEqual([false]);
    expect(sent[0]?.headers).toMatchObject({ "if-match": '"e"', "x-amz-checksum-mode": "ENABLED" });
  });

  it.each([{ "content-length": "9" }, { etag: '"f"' }])(
    "are asked for again alone where they are another's: %j",
    async (other) => {
      const another = head({ ...SUM, "content-length": "10", ...other } as Record<string, string>);
      const right = head({ ...SUM, "content-length": "10" });
      expect(await ask([another, right])).toMatchObject({ ended: [{ name: "CRC32" }], asked: [false, true] });
      expect(await ask([another, another])).toMatchObject({ ended: { id: "s3-changed" } });
    },
  );

  it.each<[string, Error, object]>([
    ["412", error(412, "PreconditionFailed"), { ended: { id: "s3-changed" } }],
    ["403", error(403, "AccessDenied"), { ended: [], missing: "HEAD is refused (AccessDenied)" }],
    ["404", error(404, "NoSuchKey"), { ended: { code: "NoSuchKey" }, missing: undefined }],
  ])("are not had by %s", async (_how, failure, expected) => {
    expect(await ask([failure])).toMatchObject(expected);
  });
});

describe("the reason why an object cannot be verified", () => {
  const missing = (headers: Record<string, string>, size = 10) => {
    const reported = new ReportedChecksums(scriptedSender().sender, ref, {}, new Cancellation());
    expect(reported.in(headers, size)).toEqual([]);
    return reported.missing;
  };
  const NONE = "the server gives no checksum of the whole object";

  it.each<[string, Record<string, string>]>([
    [NONE, {}],
    [NONE, { "my-x-amz-checksum-md5": "AAAA" }],
    [NONE, { "x-amz-checksum-md5-of-parts": "AAAA" }],
    [`${NONE} but by MD5, which is not computed here`, { etag: '"e"', "x-amz-checksum-md5": "AAAA" }],
  ])("is %j for %j", (reason, headers) => {
    expect(missing(headers)).toBe(reason);
  });

  it("is given for one byte, and none for no byte", () => {
    expect([missing({}, 1), missing({}, 0)]).toEqual([NONE, undefined]);
  });
});
