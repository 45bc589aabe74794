import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import type { Response } from "../../../support/s3-server/operation.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const BODY = Buffer.from(Uint32Array.from({ length: (2.5 * MIB) / 4 }, (_, index) => index).buffer);
const CHECKSUM = {
  algorithm: "CRC64NVME",
  value: checksumOf("CRC64NVME", BODY),
  type: "FULL_OBJECT",
} as const;
const ASKED = { checksumMode: "ENABLED" };

const failure = (status: number): Response => ({ status, headers: {}, body: Buffer.alloc(0) });

/** An object of three ranges with its checksum. */
async function world(): Promise<StoreWorld> {
  const made = await storeWorld({}, { partSize: MIB });
  made.server.put("b", "k", BODY, { checksum: CHECKSUM });
  writeFileSync(made.folder.at("f"), "before");
  return made;
}

/** Answers HEAD so, the first `times` times. */
function responseHead(
  { server }: StoreWorld,
  answer: (real: Response) => Response,
  times = Number.POSITIVE_INFINITY,
) {
  let count = 0;
  server.alter = (real, { operation }) =>
    operation === "HeadObject" && count++ < times ? answer(real) : real;
  return () => count;
}

async function get({ store, folder }: StoreWorld, more = {}) {
  const told: string[] = [];
  const onUnverified = (reason: string) => told.push(reason);
  await store.download(ref, { kind: "file", path: folder.at("f") }, { ...more, onUnverified });
  expect(readFileSync(folder.at("f")).equals(BODY)).toBe(true);
  return told;
}

async function failing(made: StoreWorld, more = {}) {
  const told: string[] = [];
  const options = { ...more, onUnverified: (reason: string) => void told.push(reason) };
  const error = await made.store.download(ref, { kind: "file", path: made.folder.at("f") }, options).then(
    () => undefined,
    (reason: Error & { id?: string }) => reason,
  );
  expect(readFileSync(made.folder.at("f"), "utf8")).toBe("before");
  expect(told).toEqual([]);
  return error;
}

describe("the checksum of an object in several ranges", () => {
  it.each([{}, ASKED])("is asked for by one HEAD, pinned to the first range: %j", async (more) => {
    const made = await world();
    expect(await get(made, more)).toEqual([]);
    const heads = made.server.requests.filter(({ operation }) => operation === "HeadObject");
    expect(heads.map(({ headers }) => [headers["x-amz-checksum-mode"], headers["if-match"]])).toEqual([
      ["ENABLED", `"${made.server.object("b", "k")?.etag}"`],
    ]);
  });

  it.each([500, 503])("is asked for again after %i", async (status) => {
    const made = await world();
    const count = responseHead(made, () => failure(status), 2);
    expect(await get(made)).toEqual([]);
    expect(count()).toBe(3);
  });

  it.each([500, 503, 400])("that cannot be had for %i is a failure", async (status) => {
    for (const more of [{}, ASKED]) {
      const made = await world();
      responseHead(made, () => failure(status));
      expect(await failing(made, more)).toMatchObject({
        message: expect.stringContaining(`(${status}) when calling the HeadObject operation`),
        exitCode: 1,
      });
    }
  });

  it.each([
    ["412", () => failure(412)],
    ["another ETag", (real: Response) => ({ ...real, headers: { ...real.headers, etag: '"another"' } })],
    ["another size", (real: Response) => ({ ...real, headers: { ...real.headers, "content-length": "7" } })],
  ])("that is answered with %s is that of another object", async (_what, answer) => {
    for (const more of [{}, ASKED]) {
      const made = await world();
      responseHead(made, answer);
      expect(await failing(made, more)).toMatchObject({ id: "s3-changed", exitCode: 1 });
    }
  });

  it.each([
    ["refused with 403", () => failure(403), /refused \(403\)/],
    ["refused with 405", () => failure(405), /refused \(405\)/],
    ["not made: 501", () => failure(501), /refused \(501\)/],
    [
      "not known",
      ({ headers: { "x-amz-checksum-crc64nvme": _, ...headers }, ...real }: Response) => ({
        ...real,
        headers,
      }),
      /gives no checksum/,
    ],
    [
      "composite",
      (real: Response) => ({ ...real, headers: { ...real.headers, "x-amz-checksum-type": "COMPOSITE" } }),
      /gives no checksum/,
    ],
  ])("that is %s is told, and a failure where it was asked for", async (_what, answer, reason) => {
    const made = await world();
    responseHead(made, answer);
    expect(await get(made)).toEqual([expect.stringMatching(reason)]);
    writeFileSync(made.folder.at("f"), "before");
    expect(await failing(made, ASKED)).toMatchObject({
      id: "s3-not-verifiable",
      exitCode: 1,
      message: expect.stringMatching(reason),
    });
  });

  it("is not asked for where checks are switched off", async () => {
    const made = await world();
    const store = made.open({}, { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" });
    expect(await get({ ...made, store })).toEqual([]);
    expect(made.server.requests.some(({ operation }) => operation === "HeadObject")).toBe(false);
  });

  it("is not asked for when the first response tells it", async () => {
    const made = await storeWorld();
    made.server.put("b", "k", BODY);
    made.server.alter = (real) => ({
      ...real,
      headers: { ...real.headers, "x-amz-checksum-crc64nvme": CHECKSUM.value },
    });
    expect(await get(made)).toEqual([]);
    expect(made.server.requests.map(({ operation }) => operation)).toEqual(["GetObject"]);
  });

  it("is not that of the part which a response to a range brings", async () => {
    const made = await world();
    const parts: string[] = [];
    made.server.alter = (real, { operation }) => {
      if (operation !== "GetObject") return real;
      const ofPart = checksumOf("CRC64NVME", real.body);
      parts.push(ofPart);
      return { ...real, headers: { ...real.headers, "x-amz-checksum-crc64nvme": ofPart } };
    };
    expect(await get(made)).toEqual([]);
    expect(parts).toHaveLength(3);
    expect(parts).not.toContain(CHECKSUM.value);
    expect(made.server.requests.filter(({ operation }) => operation === "HeadObject")).toHaveLength(1);
  });

  it.each([BODY.length, 1000])("fails a stream that it is not that of: %i bytes", async (size) => {
    const made = await storeWorld({}, { partSize: MIB });
    made.server.put("b", "k", BODY.subarray(0, size), { checksum: { ...CHECKSUM, value: "AAAAAAAAAAA=" } });
    const fd = openSync(made.folder.at("out"), "w");
    await expect(made.store.download(ref, { kind: "stream", fd }, {})).rejects.toMatchObject({
      id: "s3-checksum-mismatch",
      exitCode: 1,
    });
    closeSync(fd);
  });
});

describe("the checksums of an object in one response", () => {
  const SMALL = Buffer.from("some bytes");
  const crc = (body: Buffer) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes;
  };
  const CRC = crc(SMALL).toString("base64");
  const SHA = createHash("sha256").update(SMALL).digest("base64");
  const WRONG = Buffer.from("some bytez");
  const listed = { size: SMALL.length };

  /** Answers every GET and HEAD of an object with these headers, and GET with this body, `times` times. */
  async function answering(headers: Record<string, string>, body = SMALL, times = Number.POSITIVE_INFINITY) {
    const made = await storeWorld({ modernChecksums: false });
    made.server.put("b", "k", SMALL);
    writeFileSync(made.folder.at("f"), "before");
    let gets = 0;
    made.server.alter = (real, { operation }) => {
      const isGet = operation === "GetObject";
      if (!isGet && operation !== "HeadObject") return real;
      if (isGet) gets++;
      const given = gets <= times ? headers : { "x-amz-checksum-crc32": CRC };
      return {
        ...real,
        headers: { ...real.headers, ...given },
        body: isGet && gets <= times ? body : real.body,
      };
    };
    return { made, gets: () => gets };
  }

  const SIZES = [{}, listed];

  it.each([
    { "x-amz-checksum-crc32": CRC },
    { "x-amz-checksum-crc32": CRC, "x-amz-checksum-sha256": SHA },
    { "x-amz-checksum-crc32": `${crc(crc(SMALL)).toString("base64")}-1`, "x-amz-checksum-type": "COMPOSITE" },
    { "x-amz-checksum-crc32": CRC, "x-amz-checksum-md5": "AAAA" },
  ])("that fit are enough where one was asked for: %j", async (headers) => {
    for (const size of SIZES) {
      const { made, gets } = await answering(headers);
      const told: string[] = [];
      const options = { ...ASKED, ...size, onUnverified: (reason: string) => void told.push(reason) };
      await made.store.download(ref, { kind: "file", path: made.folder.at("f") }, options);
      expect(readFileSync(made.folder.at("f")).equals(SMALL)).toBe(true);
      expect({ told, gets: gets() }).toEqual({ told: [], gets: 1 });
    }
  });

  it.each([
    {},
    { "x-amz-checksum-crc32": CRC, "x-amz-checksum-type": "COMPOSITE" },
    { "x-amz-checksum-crc32": `${CRC}-2`, "x-amz-checksum-type": "COMPOSITE" },
    { "x-amz-checksum-md5": "AAAA" },
  ])("that cannot be compared are told, and a failure where one was asked for: %j", async (headers) => {
    for (const size of SIZES) {
      const { made } = await answering(headers as Record<string, string>);
      expect(await failing(made, { ...ASKED, ...size })).toMatchObject({
        id: "s3-not-verifiable",
        exitCode: 1,
      });
      const told: string[] = [];
      const options = { ...size, onUnverified: (reason: string) => void told.push(reason) };
      await made.store.download(ref, { kind: "file", path: made.folder.at("f") }, options);
      expect(told).toEqual([expect.stringMatching(/gives no checksum/)]);
    }
  });

  it.each(["XXHASH64", "XXHASH3", "XXHASH128", "MD5"])("of kind %s alone are named", async (kind) => {
    const { made } = await answering({ [`x-amz-checksum-${kind.toLowerCase()}`]: "AAAA" });
    expect(await failing(made, ASKED)).toMatchObject({
      id: "s3-not-verifiable",
      message: expect.stringContaining(`but by ${kind}, which is not computed here`),
    });
  });

  it.each([
    [{ "x-amz-checksum-crc32": "!!!!" }, SMALL, "s3-checksum-unreadable"],
    [{ "x-amz-checksum-crc32": `${CRC},AAAAAA==` }, SMALL, "s3-checksum-unreadable"],
    [{ "x-amz-checksum-crc32": CRC }, WRONG, "s3-checksum-mismatch"],
    [
      { "x-amz-checksum-crc32": CRC, "x-amz-checksum-sha256": `A${SHA.slice(1)}` },
      SMALL,
      "s3-checksum-mismatch",
    ],
    [
      { "x-amz-checksum-crc64nvme": checksumOf("CRC64NVME", SMALL), "x-amz-checksum-crc32": "AAAAAA==" },
      SMALL,
      "s3-checksum-mismatch",
    ],
    [
      { "x-amz-checksum-crc32": `${CRC}-1`, "x-amz-checksum-type": "COMPOSITE" },
      SMALL,
      "s3-checksum-mismatch",
    ],
  ])("of which one is wrong have it read three times: %j", async (headers, body, id) => {
    for (const size of SIZES) {
      const given = headers as Record<string, string>;
      const { made, gets } = await answering(given, body);
      let bytes = 0;
      const onBytes = (more: number) => {
        bytes += more;
      };
      expect(await failing(made, { ...size, onBytes })).toMatchObject({ id, exitCode: 1 });
      expect(gets()).toBe(3);

      const once = await answering(given, body, 1);
      bytes = 0;
      await once.made.store.download(
        ref,
        { kind: "file", path: once.made.folder.at("f") },
        { ...size, onBytes },
      );
      expect(readFileSync(once.made.folder.at("f")).equals(SMALL)).toBe(true);
      expect({ gets: once.gets(), bytes }).toEqual({ gets: 2, bytes: SMALL.length });
    }
  });

  it.each([{}, { size: 0 }])("are not missed in an empty object", async (size) => {
    const made = await storeWorld({ modernChecksums: false });
    made.server.put("b", "k", "");
    await made.store.download(ref, { kind: "file", path: made.folder.at("f") }, { ...ASKED, ...size });
    expect(readFileSync(made.folder.at("f")).length).toBe(0);
  });

  it("are all compared with an object of several ranges, and with a stream", async () => {
    const made = await world();
    const sums = {
      "x-amz-checksum-crc64nvme": CHECKSUM.value,
      "x-amz-checksum-crc32": crc(BODY).toString("base64"),
      "x-amz-checksum-sha256": createHash("sha256").update(BODY).digest("base64"),
    };
    responseHead(made, (real) => ({ ...real, headers: { ...real.headers, ...sums } }));
    expect(await get(made, ASKED)).toEqual([]);
    const fd = openSync(made.folder.at("out"), "w");
    await made.store.download(ref, { kind: "stream", fd }, ASKED);
    expect(readFileSync(made.folder.at("out")).equals(BODY)).toBe(true);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) {
      const wrong = { ...sums, [name]: `${sums[name].startsWith("A") ? "B" : "A"}${sums[name].slice(1)}` };
      responseHead(made, (real) => ({ ...real, headers: { ...real.headers, ...wrong } }));
      writeFileSync(made.folder.at("f"), "before");
      expect(await failing(made)).toMatchObject({ id: "s3-checksum-mismatch" });
    }
  });
});
