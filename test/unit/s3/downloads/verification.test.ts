import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../support/s3-server/checksums.js";
import type { Answer } from "../../../support/s3-server/operation.js";
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

const failure = (status: number): Answer => ({ status, headers: {}, body: Buffer.alloc(0) });

/** An object of three pieces with its checksum. */
async function world(): Promise<StoreWorld> {
  const made = await storeWorld({}, { partSize: MIB });
  made.server.put("b", "k", BODY, { checksum: CHECKSUM });
  writeFileSync(made.folder.at("f"), "before");
  return made;
}

/** Answers HEAD so, the first `times` times. */
function answerHead(
  { server }: StoreWorld,
  answer: (real: Answer) => Answer,
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

describe("the checksum of an object in several pieces", () => {
  it.each([{}, ASKED])("is asked for by one HEAD, pinned to the first piece: %j", async (more) => {
    const made = await world();
    expect(await get(made, more)).toEqual([]);
    const heads = made.server.requests.filter(({ operation }) => operation === "HeadObject");
    expect(heads.map(({ headers }) => [headers["x-amz-checksum-mode"], headers["if-match"]])).toEqual([
      ["ENABLED", `"${made.server.object("b", "k")?.etag}"`],
    ]);
  });

  it.each([500, 503])("is asked for again after %i", async (status) => {
    const made = await world();
    const count = answerHead(made, () => failure(status), 2);
    expect(await get(made)).toEqual([]);
    expect(count()).toBe(3);
  });

  it.each([500, 503, 400])("that cannot be had for %i is a failure", async (status) => {
    for (const more of [{}, ASKED]) {
      const made = await world();
      answerHead(made, () => failure(status));
      expect(await failing(made, more)).toMatchObject({
        message: expect.stringContaining(`(${status}) when calling the HeadObject operation`),
        exitCode: 1,
      });
    }
  });

  it.each([
    ["412", () => failure(412)],
    ["another ETag", (real: Answer) => ({ ...real, headers: { ...real.headers, etag: '"another"' } })],
    ["another size", (real: Answer) => ({ ...real, headers: { ...real.headers, "content-length": "7" } })],
  ])("that is answered with %s is that of another object", async (_what, answer) => {
    for (const more of [{}, ASKED]) {
      const made = await world();
      answerHead(made, answer);
      expect(await failing(made, more)).toMatchObject({ id: "s3-changed", exitCode: 1 });
    }
  });

  it.each([
    ["refused with 403", () => failure(403), /refused \(403\)/],
    ["refused with 405", () => failure(405), /refused \(405\)/],
    ["not made: 501", () => failure(501), /refused \(501\)/],
    [
      "not known",
      ({ headers: { "x-amz-checksum-crc64nvme": _, ...headers }, ...real }: Answer) => ({ ...real, headers }),
      /gives no checksum/,
    ],
    [
      "composite",
      (real: Answer) => ({ ...real, headers: { ...real.headers, "x-amz-checksum-type": "COMPOSITE" } }),
      /gives no checksum/,
    ],
  ])("that is %s is told, and a failure where it was asked for", async (_what, answer, reason) => {
    const made = await world();
    answerHead(made, answer);
    expect(await get(made)).toEqual([expect.stringMatching(reason)]);
    writeFileSync(made.folder.at("f"), "before");
    expect(await failing(made, ASKED)).toMatchObject({
      id: "s3-not-verifiable",
      exitCode: 1,
      message: expect.stringMatching(reason),
    });
  });

  it.each([{}, ASKED])("is not missed in an object that came in one answer: %j", async (more) => {
    const made = await storeWorld({ modernChecksums: false });
    made.server.put("b", "k", BODY);
    expect(await get(made, more)).toEqual([]);
  });

  it("is not asked for where checks are switched off", async () => {
    const made = await world();
    const store = made.open({}, { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" });
    expect(await get({ ...made, store })).toEqual([]);
    expect(made.server.requests.some(({ operation }) => operation === "HeadObject")).toBe(false);
  });

  it("is not asked for when the first answer tells it", async () => {
    const made = await storeWorld();
    made.server.put("b", "k", BODY);
    made.server.alter = (real) => ({
      ...real,
      headers: { ...real.headers, "x-amz-checksum-crc64nvme": CHECKSUM.value },
    });
    expect(await get(made)).toEqual([]);
    expect(made.server.requests.map(({ operation }) => operation)).toEqual(["GetObject"]);
  });

  it("is not that of the part which an answer to a range brings", async () => {
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
