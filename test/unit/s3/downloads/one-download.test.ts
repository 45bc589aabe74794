import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { NoResponse } from "../../../../src/http/no-response.js";
import type { Response } from "../../../../src/http/response.js";
import { Download, type DownloadOptions } from "../../../../src/s3/downloads/download.js";
import { withoutCorruption } from "../../../../src/s3/downloads/without-corruption.js";
import { TemporaryNames } from "../../../../src/s3/local/temporary-names.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import { Turns } from "../../../../src/s3/requests/turns.js";
import type { DownloadTarget } from "../../../../src/s3/store.js";
import { errorOf } from "../../../support/refusing-store.js";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import { type Answer, response, scriptedSender } from "../../../support/scripted-sender.js";
import { quickContext } from "../../../support/store-world.js";
import { temporaryFolder } from "../../../support/temporary-folder.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const refusal = (status: number, code: string) => new ServerError(errorOf(status, code, "m"), "GetObject");

/** Never answers, until it is canceled. */
const hang = (_request: S3Request, cancellation: Cancellation): Promise<Response> =>
  cancellation.race(new Promise(() => undefined));

const rangeOf = ({ headers }: S3Request) => {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(headers?.range ?? "") ?? [];
  return start === undefined ? undefined : { start: Number(start), end: Number(last) + 1 };
};

/** The head of the response for an object of `total` bytes. */
function headOf(request: S3Request, total: number, more: Record<string, string> = {}) {
  const range = rangeOf(request);
  const end = Math.min(range?.end ?? total, total);
  const told: Record<string, string> =
    range === undefined
      ? { "content-length": `${total}` }
      : { "content-range": `bytes ${range.start}-${end - 1}/${total}` };
  return { status: range === undefined ? 200 : 206, headers: { etag: '"e"', ...told, ...more } };
}

/** Serves these bytes. */
const serve =
  (content: Buffer, more: Record<string, string> = {}): Answer =>
  (request) => {
    const head = headOf(request, content.length, more);
    const { start, end } = rangeOf(request) ?? { start: 0, end: content.length };
    if (request.method === "GET") request.sink?.onResponse(head);
    if (request.method === "GET") request.sink?.onChunk(content.subarray(start, end));
    return response(head.status, head.headers);
  };

interface Setting {
  readonly isStream?: boolean;
  readonly options?: DownloadOptions;
  readonly rangeSize?: number;
  readonly verifies?: boolean;
  readonly files?: Turns;
  readonly cancellation?: Cancellation;
  readonly debug?: (step: string) => void;
}

/** A file beside nothing, or a stream, that is downloaded from a server that answers each request so. */
function world(answer: Answer, setting: Setting = {}) {
  const { isStream = false, options = {}, verifies = false, files = new Turns(1) } = setting;
  const { cancellation = new Cancellation(), rangeSize } = setting;
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const { sender, sent } = scriptedSender(...Array<Answer>(200).fill(answer));
  const context = quickContext();
  const told: string[] = [];
  context.debug = setting.debug ?? ((step) => void told.push(step));
  const atOnce = Object.assign(sender, { atOnce: 200 });
  const tools = { sender: atOnce, files, names: new TemporaryNames(context), context, rangeSize, verifies };
  let target: DownloadTarget = { kind: "file", path: folder.at("f") };
  if (isStream) {
    writeFileSync(folder.at("out"), "");
    const fd = openSync(folder.at("out"), "w");
    onTestFinished(() => closeSync(fd));
    target = { kind: "stream", fd };
  }
  return {
    sent,
    files,
    told,
    cancellation,
    names: () => readdirSync(folder.path),
    content: () => readFileSync(folder.at("f")),
    asked: () =>
      sent.map((request) => {
        const range = rangeOf(request);
        return range === undefined ? request.method : `${range.start}-${range.end}`;
      }),
    run: () => new Download(tools, ref, target, options, cancellation).run(),
    withoutCorruption: () => withoutCorruption(tools, ref, target, options, cancellation),
  };
}

const turn = () => new Promise(setImmediate);

describe("the ranges of a download", () => {
  it.each<[string, Setting, number, readonly number[]]>([
    ["a file", {}, 144 * MIB + 5, [8, ...Array<number>(64).fill(2), 8, 5 / MIB]],
    ["a file, in those that are asked for", { rangeSize: 5 * MIB }, 16 * MIB, [5, 5, 5, 1]],
    ["a stream", { isStream: true }, 100 * MIB, [8, ...Array<number>(12).fill(2)]],
    [
      "a stream, in those that are asked for",
      { isStream: true, rangeSize: 6 * MIB },
      100 * MIB,
      [6, ...Array<number>(4).fill(6)],
    ],
    [
      "a stream, in those that fit into memory",
      { isStream: true, rangeSize: 64 * MIB },
      200 * MIB,
      [16, ...Array<number>(4).fill(16)],
    ],
  ])("for %s are these, in MiB", async (_what, setting, total, expected) => {
    const answer: Answer = (request, cancellation) => {
      request.sink?.onResponse(headOf(request, total));
      return hang(request, cancellation);
    };
    const { run, sent, cancellation } = world(answer, setting);
    const running = run();
    running.catch(() => undefined);
    await turn();
    const ranges = sent.map((request) => rangeOf(request) ?? { start: 0, end: 0 });
    expect(ranges.map(({ start, end }) => (end - start) / MIB)).toEqual(expected);
    expect(ranges.slice(1).map(({ start }) => start)).toEqual(ranges.slice(0, -1).map(({ end }) => end));
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    await expect(running).rejects.toBe(reason);
  });

  it.each([
    [MIB, 0],
    [MIB + 1, 1],
  ])("go into memory for %i bytes, else into a file beside: %i", async (size, files) => {
    let beside: number | undefined;
    const content = Buffer.alloc(size, 1);
    const {
      run,
      names,
      content: written,
    } = world((request, cancellation) => {
      const answered = serve(content)(request, cancellation);
      beside ??= names().length;
      return answered;
    });
    await run();
    expect(beside).toBe(files);
    expect(written().equals(content)).toBe(true);
    expect(names()).toEqual(["f"]);
  });

  it.each<[number | undefined, number, readonly string[]]>([
    [undefined, 5, [`0-${MIB}`]],
    [MIB, MIB, ["GET"]],
    [MIB + 1, MIB + 1, [`0-${MIB}`, `${MIB}-${MIB + 1}`]],
    [4, MIB + 1, ["GET", "HEAD", "GET", `0-${MIB}`, `${MIB}-${MIB + 1}`]],
  ])("are these for an object that was listed with %s bytes, and has %i", async (size, total, expected) => {
    const options = size === undefined ? {} : { size };
    const { run, asked } = world(serve(Buffer.alloc(total)), { options, rangeSize: MIB });
    expect(await run()).toMatchObject({ size: total });
    expect(asked()).toEqual(expected);
  });

  it.each([{ etag: '"old"' }, { lastModified: 0 }])(
    "are preceded by a look where %j was listed",
    async (listed) => {
      const time = "Fri, 02 Jan 2026 03:04:05 GMT";
      const more: Record<string, string> = {
        "last-modified": time,
        ...("etag" in listed ? {} : { etag: "" }),
      };
      const { run, asked } = world(serve(Buffer.alloc(5), more), { options: { size: 5, listed } });
      await run();
      expect(asked()).toEqual(["GET", "HEAD", "GET"]);
    },
  );
});

describe("a download", () => {
  it.each<[string, number, Setting]>([
    ["a stream", 0, { isStream: true }],
    ["a file of up to 1 MiB", 0, { options: { size: MIB } }],
    ["a larger file", 1, { options: { size: MIB + 1 } }],
    ["a file of a size that nobody told", 1, {}],
  ])("of %s takes %i turns among the open files", async (_what, turns, setting) => {
    let taken: number | undefined;
    const { run, files } = world(() => {
      taken = files.inFlight;
      return refusal(403, "AccessDenied");
    }, setting);
    await expect(run()).rejects.toMatchObject({ code: "AccessDenied" });
    expect([taken, files.inFlight]).toEqual([turns, 0]);
  });

  it("waits until it is its turn", async () => {
    const files = new Turns(1);
    await files.acquire(new Cancellation());
    const { run, sent } = world(serve(Buffer.from("text")), { files });
    const running = run();
    await turn();
    expect(sent).toEqual([]);
    files.release();
    expect(await running).toMatchObject({ size: 4 });
  });

  it.each<[string, Error, DownloadOptions]>([
    ["a refusal", refusal(403, "AccessDenied"), {}],
    ["a refusal, listed", refusal(403, "AccessDenied"), { size: 5 }],
    ["an error of the server", refusal(503, "SlowDown"), {}],
    ["no response", new NoResponse(new Error("reset"), false), {}],
  ])("fails with %s at once", async (_what, failure, options) => {
    const { run, asked } = world(() => failure, { options });
    await expect(run()).rejects.toBe(failure);
    expect(asked()).toHaveLength(1);
  });

  it.each(["onBytes", "debug"])(
    "puts no file in its place once it is canceled by %s, though all has come",
    async (by) => {
      const cancellation = new Cancellation();
      const reason = new Error("SIGINT");
      const cancel = () => cancellation.cancel(reason);
      const how = by === "debug" ? { debug: cancel, verifies: true } : { options: { onBytes: cancel } };
      const text = Buffer.from("text");
      const more = { "x-amz-checksum-crc32": checksumOf("CRC32", text) };
      const { run, names } = world(serve(text, more), { cancellation, ...how });
      await expect(run()).rejects.toBe(reason);
      expect(names()).toEqual([]);
    },
  );

  it("removes its file when its first range has failed, and the others have ended", async () => {
    const failure = refusal(403, "AccessDenied");
    const beside: number[] = [];
    const { run, names } = world(
      async (request, cancellation) => {
        if (rangeOf(request)?.start === 0) {
          request.sink?.onResponse(headOf(request, 3 * MIB));
          await turn();
          throw failure;
        }
        await cancellation.race(new Promise(() => undefined)).catch(() => undefined);
        await turn();
        beside.push(names().length);
        throw new Error("canceled");
      },
      { rangeSize: MIB },
    );
    await expect(run()).rejects.toBe(failure);
    expect(beside).toEqual([1, 1]);
    expect(names()).toEqual([]);
  });

  it.each([
    ["another range", false, "GET"],
    ["the checksum", true, "HEAD"],
  ])("fails with %s, however long its first range takes", async (_what, verifies, method) => {
    const failure = refusal(404, "NoSuchKey");
    const answer: Answer = async (request, cancellation) => {
      const isFirst = rangeOf(request)?.start === 0;
      await turn();
      if (isFirst) request.sink?.onResponse(headOf(request, 3 * MIB));
      else if (request.method === method) throw failure;
      return hang(request, cancellation);
    };
    const { run, names } = world(answer, { rangeSize: MIB, verifies });
    await expect(run()).rejects.toBe(failure);
    expect(names()).toEqual([]);
  });
});

describe("the checksum of a download", () => {
  const TEXT = Buffer.from("text");
  const CRC = checksumOf("CRC32", TEXT);

  it.each<[string, Record<string, string>, DownloadOptions, readonly string[], readonly string[]]>([
    ["is asked for where the first range tells none", {}, {}, ["0-8388608", "HEAD"], []],
    ["is not there where the whole tells none", {}, { size: 4 }, ["GET"], []],
    [
      "is that of the first range",
      { "x-amz-checksum-crc32": CRC },
      {},
      ["0-8388608"],
      [`CRC32 ${CRC} verified`],
    ],
  ])("%s", async (_what, more, options, expected, steps) => {
    const { run, asked, told } = world(serve(TEXT, more), { verifies: true, options });
    await run();
    expect(asked()).toEqual(expected);
    expect(told).toEqual(steps);
  });

  it.each<[boolean, DownloadOptions, string | undefined]>([
    [true, {}, "ENABLED"],
    [false, { checksumMode: "enabled" }, "ENABLED"],
    [false, {}, undefined],
  ])("is asked for by default: %s, with %j: %s", async (verifies, options, mode) => {
    const { run, sent } = world(serve(TEXT, { "x-amz-checksum-crc32": CRC }), { verifies, options });
    await run();
    expect(sent[0]?.headers?.["x-amz-checksum-mode"]).toBe(mode);
  });

  /** The first so many responses bring other bytes than the checksum is of. */
  function corrupt(times: number, setting: Setting = {}) {
    let count = 0;
    const more = { "x-amz-checksum-crc32": CRC };
    const answer: Answer = (request, cancellation) =>
      serve(count++ < times ? Buffer.from("tent") : TEXT, more)(request, cancellation);
    return world(answer, { verifies: true, ...setting });
  }

  it("has an object read again where it is that of other bytes", async () => {
    let moved = 0;
    const options = {
      onBytes: (bytes: number) => {
        moved += bytes;
      },
    };
    const { withoutCorruption, content, told, asked } = corrupt(2, { options });
    await withoutCorruption();
    expect([content().toString(), moved, asked().length]).toEqual(["text", 4, 3]);
    const again = new RegExp(
      `^The CRC32 checksum of what arrived is .*, but S3 has ${CRC}\\. Reading it again$`,
    );
    expect(told.slice(0, 2)).toEqual([1, 2].map(() => expect.stringMatching(again)));
  });

  it.each([
    [false, 3],
    [true, 1],
  ])("fails it in the end, to a stream at once: %s, %i", async (isStream, tries) => {
    const { withoutCorruption, asked } = corrupt(9, { isStream });
    await expect(withoutCorruption()).rejects.toMatchObject({ id: "s3-checksum-mismatch" });
    expect(asked()).toHaveLength(tries);
  });

  it("is no reason to read it again after another failure", async () => {
    const failure = refusal(403, "AccessDenied");
    const { withoutCorruption, asked } = world(() => failure);
    await expect(withoutCorruption()).rejects.toBe(failure);
    expect(asked()).toHaveLength(1);
  });

  it("has come when nothing of the download listens for a cancellation any more", async () => {
    const cancellation = new Cancellation();
    const child = vi.spyOn(cancellation, "child");
    await world(serve(TEXT), { cancellation }).withoutCorruption();
    cancellation.cancel(new Error("SIGINT"));
    expect(child.mock.results[0]?.value.cancellation.reason).toBeUndefined();
  });
});
