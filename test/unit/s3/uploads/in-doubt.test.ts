import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorResponse } from "../../../support/fault-proxy/fault.js";
import type { Response } from "../../../support/s3-server/operation.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const ref = { bucket: "b", key: "k" };
const absent = { ifAbsent: true };

function fileOf({ folder }: StoreWorld, size = 11) {
  const body = Buffer.alloc(size, "s");
  writeFileSync(folder.at("f"), body);
  return { body, source: { kind: "file", path: folder.at("f") } as const };
}

const failure = (status: number, code: string): Response => errorResponse(status, code, "m");

/** Without its ETag, and with no checksum but that. */
function nameless({ status, headers }: Response, checksum?: string): Response {
  const kept = Object.entries(headers).filter(([name]) => name !== "etag" && !/^x-amz-checksum/.test(name));
  const sum = checksum === undefined ? [] : [["x-amz-checksum-crc64nvme", checksum]];
  return { status, headers: Object.fromEntries([...kept, ...sum]), body: Buffer.alloc(0) };
}

/** With the ETag of other data. */
function tagged({ headers, ...right }: Response, data: string): Response {
  const etag = `"${createHash("md5").update(data).digest("hex")}"`;
  return { ...right, headers: { ...headers, etag } };
}

/** What the first of an operation's successes is answered instead; before, it may have stored something else. */
function spoil(world: StoreWorld, operation: string, answer: (right: Response) => Response, stored?: string) {
  let struck = 0;
  world.server.alter = (right, request) => {
    if (request.operation !== operation || right.status !== 200 || struck > 0) return right;
    struck++;
    if (stored !== undefined) world.server.put("b", "k", stored);
    return answer(right);
  };
  return () => struck;
}

function puts({ server }: StoreWorld) {
  return server.requests.filter(({ operation }) => operation === "PutObject");
}

describe("an object that a try of the same PutObject stored", () => {
  it.each([
    ["wrong, and named so without an ETag", true, (right: Response) => nameless(right, "AAAAAAAAAAA=")],
    ["wrong, and said nothing", true, (right: Response) => nameless(right)],
    ["wrong, and answered 500", true, () => failure(500, "InternalError")],
    ["wrong, and answered 500, on an older store", false, () => failure(500, "InternalError")],
    ["cut short, on an older store", false, (right: Response) => tagged(right, "corrupt")],
  ])("%s, is not taken for one that exists", async (_how, modernChecksums, answer) => {
    const world = await storeWorld({ modernChecksums });
    const struck = spoil(world, "PutObject", answer, "corrupt");
    await expect(world.store.upload(fileOf(world).source, ref, absent)).rejects.toMatchObject({
      id: "s3-in-doubt",
      exitCode: 1,
      message: expect.stringContaining("The object at the destination may be wrong"),
    });
    expect(struck()).toBe(1);
    expect(puts(world)).toHaveLength(2);
    expect(puts(world).filter(({ headers }) => "if-match" in headers)).toEqual([]);
  });

  it.each([
    ["answered 500", {}, () => failure(500, "InternalError")],
    ["answered 500, on an older store", { modernChecksums: false }, () => failure(500, "InternalError")],
    ["answered without an ETag over TLS", { tls: true }, (right: Response) => nameless(right)],
  ])("right, and %s, is what was uploaded", async (_how, options, answer) => {
    const world = await storeWorld(options);
    const struck = spoil(world, "PutObject", answer);
    const { source, body } = fileOf(world);
    let counted = 0;
    await world.store.upload(source, ref, absent, { onBytes: (bytes) => (counted += bytes) });
    expect(struck()).toBe(1);
    expect(counted).toBe(body.length);
    expect(world.server.object("b", "k")?.body.equals(body)).toBe(true);
    expect(puts(world)).toHaveLength(2);
  });

  it("is in doubt where HEAD is refused", async () => {
    const world = await storeWorld();
    spoil(world, "PutObject", () => failure(500, "InternalError"));
    world.server.instead = ({ method }) =>
      method === "PUT" ? undefined : { status: 403, headers: {}, body: Buffer.alloc(0) };
    const upload = world.store.upload(fileOf(world).source, ref, absent);
    await expect(upload).rejects.toMatchObject({ id: "s3-in-doubt" });
  });

  it("is in doubt where the store refuses to replace it under If-Match", async () => {
    const world = await storeWorld();
    spoil(
      world,
      "PutObject",
      ({ headers, ...right }) => ({
        ...right,
        headers: { ...headers, "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" },
      }),
      "corrupt",
    );
    world.server.instead = ({ headers }) =>
      headers["if-match"] === undefined ? undefined : failure(501, "NotImplemented");
    const upload = world.store.upload(fileOf(world).source, ref, absent);
    await expect(upload).rejects.toMatchObject({ id: "s3-in-doubt" });
  });

  it("is in doubt where others write at the same time (409)", async () => {
    const world = await storeWorld();
    let tries = 0;
    world.server.instead = ({ operation }) => {
      if (operation !== "PutObject") return undefined;
      return tries++ === 0 ? failure(500, "InternalError") : failure(409, "ConditionalRequestConflict");
    };
    const upload = world.store.upload(fileOf(world).source, ref, absent);
    await expect(upload).rejects.toMatchObject({ id: "s3-in-doubt" });
    expect(tries).toBe(5);
  });

  it.each([
    [503, "SlowDown"],
    [200, "SlowDown"],
  ])("is none after a refusal: %i %s", async (status, code) => {
    const world = await storeWorld();
    world.server.put("b", "k", "another's");
    let refusals = 0;
    world.server.instead = ({ operation }) =>
      operation === "PutObject" && refusals++ === 0 ? failure(status, code) : undefined;
    const upload = world.store.upload(fileOf(world).source, ref, absent);
    await expect(upload).rejects.toMatchObject({ id: "s3-exists" });
    expect(refusals).toBe(2);
  });
});

describe("an object that a try of the same completion made", () => {
  it.each([
    ["s3-in-doubt", "InternalError", 500],
    ["s3-exists", "SlowDown", 503],
  ])("is %s when another is there after %s", async (id, code, status) => {
    const world = await storeWorld();
    let tries = 0;
    world.server.instead = ({ operation }) => {
      if (operation !== "CompleteMultipartUpload") return undefined;
      if (tries++ > 0) return failure(412, "PreconditionFailed");
      world.server.put("b", "k", "corrupt");
      return failure(status, code);
    };
    const upload = world.store.upload(fileOf(world, 9 * MIB).source, ref, absent);
    await expect(upload).rejects.toMatchObject({ id });
    expect(tries).toBe(2);
  });
});
