import { describe, expect, it } from "vitest";
import { carelessPartCopy } from "../../../support/s3-server/careless-part-copy.js";
import type { S3Server } from "../../../support/s3-server/s3-server.js";
import { storeWorld } from "../../../support/store-world.js";

const PART = 8 * 1024 ** 2;
const from = { bucket: "b", key: "from" };
const to = { bucket: "b", key: "to" };
const copyProps = "none";

/** No two parts of it are alike. */
const bytes = (size: number) => Buffer.alloc(size, Buffer.from("0123456"));
/** The ETag of an object that was uploaded in parts. */
const OF_PARTS = { etag: "0123456789abcdef0123456789abcdef-2" };

/** The server takes no notice of a range that is to be copied. */
function ignoreRanges(server: S3Server): void {
  server.instead = (request) => carelessPartCopy(server, request, false);
}

const count = (server: S3Server, name: string) =>
  server.requests.filter(({ operation }) => operation === name).length;

describe("a store that ignores x-amz-copy-source-range", () => {
  it.each([
    { what: "has the MD5 of the source for a part", properties: {} },
    { what: "has one MD5 for parts of two sizes", properties: OF_PARTS },
  ])("copies the whole where it $what, and is asked for parts no more", async ({ properties }) => {
    const { server, store } = await storeWorld();
    const size = 2 * PART + 5;
    server.put("b", "from", bytes(size), properties);
    ignoreRanges(server);
    let counted = 0;
    const onBytes = (more: number) => {
      counted += more;
    };
    await store.copy(from, to, { copyProps }, { size, onBytes });
    expect(server.object("b", "to")?.body.equals(bytes(size))).toBe(true);
    expect(counted).toBe(size);
    expect(server.bucket("b").uploads.size).toBe(0);
    expect(count(server, "CompleteMultipartUpload")).toBe(0);
    expect(count(server, "CreateMultipartUpload")).toBe(1);
    await store.copy(from, { bucket: "b", key: "also" }, { copyProps }, { size });
    expect(count(server, "CreateMultipartUpload")).toBe(1);
  });

  it.each([
    { ifAbsent: false, id: undefined, stored: 1 },
    // What it has made is in the way of another.
    { ifAbsent: true, id: "s3-copied-wrong", stored: 2 },
  ])("is noticed by the size of the copy: if absent $ifAbsent", async ({ ifAbsent, id, stored }) => {
    const { server, store } = await storeWorld();
    const size = 2 * PART;
    server.put("b", "from", bytes(size), OF_PARTS);
    ignoreRanges(server);
    const failure = await store.copy(from, to, { copyProps, ifAbsent }, { size }).then(
      () => undefined,
      (error: { id: string }) => error.id,
    );
    expect(failure).toBe(id);
    expect(server.object("b", "to")?.body.length).toBe(stored * size);
    expect(count(server, "CompleteMultipartUpload")).toBe(1);
  });

  it("cannot copy more than CopyObject takes", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", "x");
    const size = 5 * 1024 ** 3 + 1;
    server.alter = (response, { operation }) =>
      operation === "HeadObject"
        ? { ...response, headers: { ...response.headers, "content-length": String(size) } }
        : response;
    ignoreRanges(server);
    await expect(store.copy(from, to, { copyProps }, { size })).rejects.toMatchObject({
      id: "s3-range-ignored",
    });
    expect(server.object("b", "to")).toBeUndefined();
    expect(count(server, "CopyObject")).toBe(0);
  });

  it("is believed where it refuses HEAD of the copy", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "from", bytes(2 * PART));
    server.alter = (response, { operation, key }) =>
      key === "to" && /^(Head|Get)Object$/.test(operation) ? { ...response, status: 403 } : response;
    await store.copy(from, to, { copyProps }, { size: 2 * PART });
    expect(count(server, "CompleteMultipartUpload")).toBe(1);
  });
});

describe("a store that ignores x-amz-copy-source-if-match", () => {
  it.each([
    { replaced: true, id: "s3-changed", copy: "before" },
    { replaced: false, id: undefined, copy: undefined },
  ])("makes no copy of two versions: replaced $replaced", async ({ replaced, id, copy }) => {
    const { server, store } = await storeWorld();
    const size = 2 * PART;
    server.put("b", "from", bytes(size));
    server.put("b", "to", "before");
    server.instead = (request) => carelessPartCopy(server, request, true);
    let parts = 0;
    server.alter = (response, { operation }) => {
      if (operation === "UploadPartCopy" && ++parts === 1 && replaced)
        server.put("b", "from", bytes(size).fill("x"));
      return response;
    };
    const failure = await store.copy(from, to, { copyProps }, { size }).then(
      () => undefined,
      (error: { id: string }) => error.id,
    );
    expect({ failure, parts }).toEqual({ failure: id, parts: 2 });
    expect(server.object("b", "to")?.body.toString()).toBe(copy ?? bytes(size).toString());
    expect(server.bucket("b").uploads.size).toBe(0);
  });
});
