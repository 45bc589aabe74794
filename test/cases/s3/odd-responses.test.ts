import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import type { Response } from "../../support/s3-server/operation.js";
import type { S3Request } from "../../support/s3-server/s3-request.js";
import { type Spelling, spelled } from "../../support/spelled-response.js";

const world = builtWorld();
const MIB = 1024 * 1024;

/** One object of two parts. */
const LARGE = Array.from({ length: (6 * MIB) / 8 }, (_, index) => String(index % 1e7).padStart(8, "0")).join(
  "",
);
const TREE: Readonly<Record<string, string>> = {
  small: "hello",
  "d/other": "other",
  empty: "",
  large: LARGE,
};
const PART = ["--part-size", "5MiB"];

type Alter = (answer: Response, request: S3Request) => Response;

/** What a store answers that is not what S3 does. */
interface Store {
  readonly alter?: Alter;
  readonly spelling?: Spelling;
}

const stores = new Map<string, Store>();

beforeAll(() => {
  world.server.alter = (answer, request) =>
    stores.get(request.bucket ?? "")?.alter?.(answer, request) ?? answer;
  world.server.spell = (answer, request) => {
    const spelling = stores.get(request.bucket ?? "")?.spelling;
    return spelling && spelled(answer, request, spelling);
  };
});

function bucketOf(store: Store, objects: Readonly<Record<string, string>> = TREE): string {
  const bucket = world.bucket(objects);
  stores.set(bucket, store);
  return bucket;
}

const isRead = ({ operation }: S3Request) => operation === "GetObject" || operation === "HeadObject";
const isRanged = ({ operation, headers }: S3Request) =>
  operation === "GetObject" && headers.range !== undefined;
const isEmptyObject = (request: S3Request) => isRanged(request) && request.key === "empty";

const withHeaders = (answer: Response, headers: Record<string, string | undefined>): Response => ({
  ...answer,
  headers: Object.fromEntries(
    Object.entries({ ...answer.headers, ...headers }).filter(([, value]) => value !== undefined),
  ) as Response["headers"],
});

const MD5_OF_NOTHING = '"d41d8cd98f00b204e9800998ecf8427e"';

/** The whole object, whatever was asked for. */
const whole: Alter = (answer, request) => {
  if (!isRanged(request)) return answer;
  const body = Buffer.from(TREE[request.key ?? ""] ?? "");
  // Of the empty object an error was to be answered.
  const headers = {
    etag: MD5_OF_NOTHING,
    ...answer.headers,
    "content-range": undefined,
    "content-type": undefined,
  };
  return { ...withHeaders(answer, headers), status: 200, body };
};

const forEmpty =
  (status: number, headers: Record<string, string>): Alter =>
  (answer, request) => {
    if (!isEmptyObject(request)) return answer;
    return {
      status,
      headers: { ...(status < 300 ? { etag: MD5_OF_NOTHING } : {}), ...headers },
      body: Buffer.alloc(0),
    };
  };

const respelled =
  (respell: (etag: string) => string | undefined): Alter =>
  (answer, request) =>
    answer.headers.etag === undefined || request.operation === "UploadPart"
      ? answer
      : withHeaders(answer, { etag: respell(String(answer.headers.etag)) });

const timed =
  (format: (time: Date) => string | undefined): Alter =>
  (answer, request) =>
    isRead(request)
      ? withHeaders(answer, { "last-modified": format(new Date(String(answer.headers["last-modified"]))) })
      : answer;

const listed =
  (change: (xml: string) => string): Alter =>
  (answer, { operation }) =>
    operation === "ListObjectsV2" ? { ...answer, body: Buffer.from(change(answer.body.toString())) } : answer;

const bom: Alter = (answer) =>
  answer.body.toString("latin1", 0, 5) === "<?xml"
    ? { ...answer, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), answer.body]) }
    : answer;

const headRefused =
  (status: number): Alter =>
  (answer, { operation }) =>
    operation === "HeadObject" ? { status, headers: {}, body: Buffer.alloc(0) } : answer;

const DAY = (date: Date) => date.toUTCString().replace(/, 0/, ", ");

/** What matters to the bytes of downloads. */
const READ: readonly (readonly [what: string, store: Store])[] = [
  ["200 with the whole object to every range", { alter: whole }],
  [
    "200 with the whole object, chunked, to every range",
    { alter: whole, spelling: { version: "1.1", framing: "chunks" } },
  ],
  [
    "200 with the whole object, closed at its end, to every range",
    { alter: whole, spelling: { version: "1.0", framing: "close" } },
  ],
  ["200 to a range of an empty object", { alter: forEmpty(200, { "content-length": "0" }) }],
  [
    "206 bytes 0--1/0 to a range of an empty object",
    { alter: forEmpty(206, { "content-range": "bytes 0--1/0" }) },
  ],
  [
    "206 bytes 0-0/0 to a range of an empty object",
    { alter: forEmpty(206, { "content-range": "bytes 0-0/0" }) },
  ],
  ["416 to a range of an empty object", { alter: forEmpty(416, { "content-range": "bytes */0" }) }],
  ["500 to a range of an empty object", { alter: forEmpty(500, {}) }],
  [
    "ranges of an unknown whole",
    {
      alter: (answer, request) =>
        isRanged(request) && answer.status === 206
          ? withHeaders(answer, {
              "content-range": String(answer.headers["content-range"]).replace(/\/\d+$/, "/*"),
            })
          : answer,
    },
  ],
  ["chunks", { spelling: { version: "1.1", framing: "chunks" } }],
  ["bodies that end with the connection", { spelling: { version: "1.1", framing: "close" } }],
  ["HTTP/1.0", { spelling: { version: "1.0", framing: "close" } }],
  ["HTTP/1.0 with lengths", { spelling: { version: "1.0", framing: "length" } }],
  [
    "100 (Continue) unasked",
    { spelling: { version: "1.1", framing: "length", before: "HTTP/1.1 100 Continue\r\n\r\n" } },
  ],
  ["a weak ETag", { alter: respelled((etag) => `W/${etag}`) }],
  ["an ETag without quotes", { alter: respelled((etag) => etag.replaceAll('"', "")) }],
  ["an ETag in capitals", { alter: respelled((etag) => etag.toUpperCase()) }],
  ["no ETag", { alter: respelled(() => undefined) }],
  ["no time of the last change", { alter: timed(() => undefined) }],
  ["HEAD refused with 403", { alter: headRefused(403) }],
  ["HEAD refused with 405", { alter: headRefused(405) }],
  ["HEAD refused with 501", { alter: headRefused(501) }],
];

describe.concurrent.each(READ)("a store that answers with %s", (_, store) => {
  it("gives trees", async () => {
    const bucket = bucketOf(store);
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive", ...PART], { cwd: place });
    expect(result).toMatchObject({ code: 0 });
    expect(filesOf(place)).toEqual(TREE);
  });

  it.each(["small", "empty", "large"])("gives the object %s to a file and to a stream", async (key) => {
    const bucket = bucketOf(store);
    const place = world.place({ f: "before" });
    const copy = (to: string) => world.run(["cp", `s3://${bucket}/${key}`, to, ...PART], { cwd: place });
    expect(await copy("f")).toMatchObject({ code: 0 });
    expect(readFileSync(`${place}/f`, "utf8")).toBe(TREE[key]);
    const streamed = await copy("-");
    expect(streamed.code).toBe(0);
    expect(streamed.stdoutBytes.toString()).toBe(TREE[key]);
  });
});

describe.concurrent.each(READ.filter(([what]) => /HEAD|empty/.test(what)))(
  "a store that answers with %s",
  (_, store) => {
    it("tells of objects in a dry run", async () => {
      const bucket = bucketOf(store);
      const result = await world.run(["cp", `s3://${bucket}/empty`, "f", "--dryrun"], { cwd: world.place() });
      expect(result).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^\(dryrun\) /) });
    });
  },
);

/** What matters to listings, and to what is compared with them. */
const LISTED: readonly (readonly [what: string, store: Store])[] = [
  ["times with +0000", { alter: timed((time) => time.toUTCString().replace("GMT", "+0000")) }],
  ["times with UTC", { alter: timed((time) => time.toUTCString().replace("GMT", "UTC")) }],
  ["times with one digit of the day", { alter: timed(DAY) }],
  ["times in ISO 8601", { alter: timed((time) => time.toISOString()) }],
  ["times without a zone", { alter: timed((time) => time.toUTCString().replace(" GMT", "")) }],
  ["listed times without milliseconds", { alter: listed((xml) => xml.replaceAll(".000Z<", "Z<")) }],
  ["listed times without a zone", { alter: listed((xml) => xml.replaceAll(".000Z<", "<")) }],
  [
    "listed times with an offset",
    {
      alter: listed((xml) =>
        xml.replace(/<LastModified>([^<]*)</g, (_, time: string) => {
          const there = new Date(Date.parse(time) + 7_200_000).toISOString().replace("Z", "+02:00");
          return `<LastModified>${there}<`;
        }),
      ),
    },
  ],
  ["a mark of the byte order before its XML", { alter: bom }],
  ["no KeyCount", { alter: listed((xml) => xml.replace(/<KeyCount>\d+<\/KeyCount>/, "")) }],
  [
    "its elements in another order",
    {
      alter: listed((xml) =>
        xml.replace(
          /<Contents>(.*?)<\/Contents>/gs,
          (_, inner: string) =>
            `<Contents>${(inner.match(/<(\w+)>.*?<\/\1>/gs) ?? []).reverse().join("")}</Contents>`,
        ),
      ),
    },
  ],
  ["ETags without quotes", { alter: listed((xml) => xml.replaceAll("&quot;", "")) }],
  ["no ETags", { alter: listed((xml) => xml.replace(/<ETag>[^<]*<\/ETag>/g, "")) }],
];

describe.concurrent.each(LISTED)("a store that answers with %s", (_what, store) => {
  it("is synchronized with once, and then there is nothing to do", async () => {
    const bucket = bucketOf(store);
    for (const key of Object.keys(TREE)) {
      const object = world.server.object(bucket, key)!;
      world.server.put(bucket, key, object.body, { lastModified: Date.UTC(2026, 0, 2, 3, 4, 5) });
    }
    const place = world.place({ stale: "x" });
    const sync = () =>
      world.run(["sync", `s3://${bucket}`, ".", "--delete", "--exact-timestamps"], {
        cwd: place,
        env: { TZ: "Asia/Tokyo" },
      });
    expect(await sync()).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual(TREE);
    expect(await sync()).toEqual(expect.objectContaining({ code: 0, stdout: "", stderr: "" }));
  });
});

describe.concurrent("a listing", () => {
  it("without times is copied by, and what is not known to be the same is copied again", async () => {
    const bucket = bucketOf({
      alter: listed((xml) => xml.replace(/<LastModified>[^<]*<\/LastModified>/g, "")),
    });
    const place = world.place();
    for (const _ of [1, 2]) {
      const result = await world.run(["sync", `s3://${bucket}`, "."], { cwd: place });
      expect(result).toMatchObject({ code: 0, stderr: "" });
      expect(result.stdout.match(/^download: /gm)).toHaveLength(4);
    }
    expect(filesOf(place)).toEqual(TREE);
    const ls = await world.run(["ls", `s3://${bucket}/small`]);
    expect(ls).toMatchObject({ code: 0, stdout: `${" ".repeat(19)}          5 small\n` });
  });

  it("with another KeyCount is copied by, and nothing is deleted by it", async () => {
    const bucket = bucketOf({ alter: listed((xml) => xml.replace(/<KeyCount>\d+</, "<KeyCount>9<")) });
    const place = world.place({ stale: "x" });
    const result = await world.run(["sync", `s3://${bucket}`, ".", "--delete"], { cwd: place });
    expect(result.stderr).toContain("Nothing was deleted");
    expect(filesOf(place)).toEqual({ ...TREE, stale: "x" });
  });
});

/** What matters to what is written. */
const WRITTEN: readonly (readonly [what: string, store: Store])[] = [
  ["HTTP/1.0", { spelling: { version: "1.0", framing: "close" } }],
  ["chunks", { spelling: { version: "1.1", framing: "chunks" } }],
  [
    "100 (Continue) unasked",
    { spelling: { version: "1.1", framing: "length", before: "HTTP/1.1 100 Continue\r\n\r\n" } },
  ],
  ["a mark of the byte order before its XML", { alter: bom }],
  ["a weak ETag", { alter: respelled((etag) => `W/${etag}`) }],
  ["an ETag without quotes", { alter: respelled((etag) => etag.replaceAll('"', "")) }],
  ["an ETag in capitals", { alter: respelled((etag) => etag.toUpperCase()) }],
  ["no ETag", { alter: respelled(() => undefined) }],
  ["HEAD refused with 405", { alter: headRefused(405) }],
  [
    "204",
    {
      alter: (answer, { operation }) =>
        /^(PutObject|CopyObject)$/.test(operation)
          ? { ...withHeaders(answer, { etag: undefined }), status: 204, body: Buffer.alloc(0) }
          : answer,
    },
  ],
];

describe.concurrent.each(WRITTEN)("a store that answers with %s", (_what, store) => {
  it("takes trees, single objects and streams, and copies", async () => {
    const bucket = bucketOf(store, {});
    const place = world.place({ "up/small": "hello", "up/empty": "", "up/large": LARGE });
    const run = (args: readonly string[], input?: string) =>
      world.run([...args, ...PART], { cwd: place, ...(input === undefined ? {} : { input }) });
    expect(await run(["cp", "up", `s3://${bucket}/tree`, "--recursive"])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await run(["cp", "up/small", `s3://${bucket}/single`])).toMatchObject({ code: 0, stderr: "" });
    expect(await run(["cp", "-", `s3://${bucket}/stream`], "streamed")).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await run(["cp", `s3://${bucket}/single`, `s3://${bucket}/copy`])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(objectsOf(world, bucket)).toEqual({
      "tree/small": "hello",
      "tree/empty": "",
      "tree/large": LARGE,
      single: "hello",
      stream: "streamed",
      copy: "hello",
    });
  });
});

describe.concurrent("what is no object", () => {
  const page = "<html>Please log in</html>";

  it.each([
    ["a page of a proxy", { "content-type": "text/html" }],
    [
      "a page of a proxy that tells its time",
      { "content-type": "text/html", "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" },
    ],
    ["a page of a proxy, though large", { "content-type": "text/html", "x-large": "yes" }],
  ])("%s under the status 200 is none, to a file or a stream", async (_what, headers) => {
    const body = Buffer.from(page.repeat("x-large" in headers ? 10_000 : 1));
    let pages = 0;
    const bucket = bucketOf({
      // Without the headers that S3 adds to every response.
      spelling: { version: "1.1", framing: "length" },
      alter: (answer, { operation }) => {
        if (operation !== "GetObject") return answer;
        pages++;
        return { status: 200, headers, body };
      },
    });
    const place = world.place({ f: "before" });
    for (const to of ["f", "-"]) {
      const result = await world.run(["cp", `s3://${bucket}/small`, to], { cwd: place });
      expect(result).toMatchObject({ code: 1, stdout: "" });
      expect(result.stderr).toMatch(/not what was asked for/);
    }
    expect(pages).toBeGreaterThanOrEqual(2);
    expect(readFileSync(`${place}/f`, "utf8")).toBe("before");
  });

  it.each([[PART], [[]]])("the first range under the status 200 is none: %j", async (more) => {
    let ranges = 0;
    const bucket = bucketOf({
      alter: (answer, request) => {
        if (!isRanged(request)) return answer;
        ranges++;
        const body = answer.body.subarray(0, 3);
        const headers = { "content-range": "bytes 0-2/5", "content-length": "3" };
        return { ...withHeaders(answer, headers), status: 200, body };
      },
    });
    const place = world.place({ f: "before" });
    for (const to of ["f", "-"]) {
      const result = await world.run(["cp", `s3://${bucket}/small`, to, ...more], { cwd: place });
      expect(result).toMatchObject({ code: 1, stdout: "" });
      expect(result.stderr).toContain('status 200 with Content-Range "bytes 0-2/5"');
    }
    expect(ranges).toBeGreaterThanOrEqual(2);
    expect(readFileSync(`${place}/f`, "utf8")).toBe("before");
  });

  it("a HEAD of another version tells no size", async () => {
    let heads = 0;
    const bucket = bucketOf({
      spelling: { version: "1.1", framing: "chunks" },
      alter: (answer, request) => {
        if (request.operation !== "HeadObject") return whole(answer, request);
        heads++;
        return withHeaders(answer, { etag: '"another"' });
      },
    });
    const place = world.place({ f: "before" });
    const result = await world.run(["cp", `s3://${bucket}/small`, "f"], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("The object was replaced while it was being copied.");
    expect(heads).toBeGreaterThanOrEqual(1);
    expect(readFileSync(`${place}/f`, "utf8")).toBe("before");
  });

  it("a 200 to a later range is none", async () => {
    const bucket = bucketOf({
      alter: (answer, request) =>
        request.headers.range?.startsWith("bytes=0-") ? answer : whole(answer, request),
    });
    const place = world.place();
    writeFileSync(`${place}/f`, "before");
    const result = await world.run(["cp", `s3://${bucket}/large`, "f", ...PART], { cwd: place });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("status 200 to a request for a range");
    expect(readFileSync(`${place}/f`, "utf8")).toBe("before");
  });

  it("what is shorter than listed, and does not say how long it is, is none", async () => {
    const bucket = bucketOf({
      spelling: { version: "1.1", framing: "close" },
      alter: listed((xml) => xml.replace("<Size>5</Size>", "<Size>9</Size>")),
    });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/d`, ".", "--recursive"], { cwd: place });
    expect(result).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^download failed: /),
    });
    expect(filesOf(place)).toEqual({});
  });

  it("what is longer than listed, and does not say how long it is, is none", async () => {
    const bucket = bucketOf({
      spelling: { version: "1.1", framing: "chunks" },
      alter: listed((xml) => xml.replace("<Size>5</Size>", "<Size>4</Size>")),
    });
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}/d`, ".", "--recursive"], { cwd: place });
    expect(result).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^download failed: /),
    });
    expect(filesOf(place)).toEqual({});
  });
});
