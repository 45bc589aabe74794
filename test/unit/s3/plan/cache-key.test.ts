import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { Filters } from "../../../../src/s3/filters/filters.js";
import { cacheKey } from "../../../../src/s3/plan/cache-key.js";
import { type Held, MemoryStore, refusal } from "../../../support/memory-store.js";

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

const held = (body: string, etag?: string): Held => ({ body, ...(etag !== undefined && { etag }) });
const put = (objects: Readonly<Record<string, Held>>) => {
  for (const [key, object] of Object.entries(objects)) store.objects.set(`b/${key}`, object);
};
const excluding = (...patterns: string[]) =>
  new Filters(patterns.map((pattern) => ({ includes: false, pattern })));

const keyOf = (keys: readonly string[], filters = new Filters([]), pageSize?: number) =>
  cacheKey(store, { uris: keys.map((key) => ({ bucket: "b", key })), filters, pageSize });

/** The same, from bucket, key, size and ETag of each object. */
function expected(...objects: (readonly [key: string, size: number, etag: string])[]): string {
  const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest();
  const digests = objects.map((object) => sha256(JSON.stringify(["b", ...object])));
  return sha256(Buffer.concat(digests.sort(Buffer.compare))).toString("hex");
}

describe("a cache key", () => {
  it("is that of the object that a URI names, and of all below it, each once", async () => {
    put({ a: held("1", '"e1"'), "a/b": held("22", '"e2"'), "a/c": held("", '"e3"'), ab: held("4", '"e4"') });
    const key = expected(["a", 1, '"e1"'], ["a/b", 2, '"e2"'], ["a/c", 0, '"e3"']);
    expect(await keyOf(["a"])).toBe(key);
    expect(await keyOf(["a/b", "a"])).toBe(key);
    expect(await keyOf(["a", "a/b", "a"], undefined, 1)).toBe(key);
    expect(store.given.get("ListObjectsV2 b/a/")).toEqual({ bucket: "b", prefix: "a/", pageSize: 1 });
    expect(await keyOf(["a/"])).toBe(expected(["a/b", 2, '"e2"'], ["a/c", 0, '"e3"']));
    expect(store.given.get("ListObjectsV2 b/a/")).toEqual({ bucket: "b", prefix: "a/" });
  });

  it("of a prefix with a slash, or of the whole bucket, asks for no object", async () => {
    put({ "a/b": held("1", '"e"') });
    await keyOf(["a/"]);
    await keyOf([""]);
    expect(store.asked).toEqual(["ListObjectsV2 b/a/", "ListObjectsV2 b/"]);
  });

  it("does not change with the marker of a folder, but with one that has bytes", async () => {
    put({ "a/b": held("1", '"e"'), "a/in/": held("", '"m"') });
    expect(await keyOf(["a"])).toBe(expected(["a/b", 1, '"e"']));
    put({ "a/in/": held("x", '"m"') });
    expect(await keyOf(["a"])).toBe(expected(["a/b", 1, '"e"'], ["a/in/", 1, '"m"']));
  });

  it("heeds filters as cp does: of an object the last part of its key, of a tree what is below", async () => {
    put({ "p/a": held("1", '"e1"'), "p/a/b": held("1", '"e2"'), "p/a/c/d": held("1", '"e3"') });
    const all = [["p/a", 1, '"e1"'] as const, ["p/a/b", 1, '"e2"'] as const, ["p/a/c/d", 1, '"e3"'] as const];
    expect(await keyOf(["p/a"], excluding("a"))).toBe(expected(all[1]!, all[2]!));
    expect(await keyOf(["p/a"], excluding("b"))).toBe(expected(all[0]!, all[2]!));
    expect(await keyOf(["p/a"], excluding("c/d"))).toBe(expected(all[0]!, all[1]!));
    expect(await keyOf(["p/a"], excluding("p/a", "p/*"))).toBe(expected(...all));
  });

  it.each([[["none"]], [["a", "none"]], [["none", "a"]], [["none/"]]])(
    "of nothing is a failure: %j",
    async (keys) => {
      put({ a: held("1", '"e"') });
      await expect(keyOf(keys)).rejects.toMatchObject({
        id: "cache-key-of-nothing",
        message: "s3://b/none/ names no object, and nothing is below it",
      });
    },
  );

  it("of what filters leave nothing of is another", async () => {
    put({ a: held("1", '"e"'), "a/b": held("1", '"e"') });
    await expect(keyOf(["a"], excluding("*"))).rejects.toMatchObject({
      message: "--exclude and --include leave no object",
    });
    await expect(keyOf(["none"], excluding("*"))).rejects.toThrow("names no object");
  });

  it("of one that a role may not look at is what the listing shows", async () => {
    put({ a: held("1", '"e1"'), "a/b": held("1", '"e2"') });
    store.refusals.set("HeadObject b/a", refusal("s3-access-denied", 403));
    expect(await keyOf(["a"])).toBe(expected(["a/b", 1, '"e2"']));
  });

  it("of one that a role may read, and not list, is the object's", async () => {
    put({ a: held("1", '"e1"'), "a/b": held("1", '"e2"') });
    store.refusals.set("ListObjectsV2 b/none/", refusal("s3-access-denied", 403));
    await expect(keyOf(["none"])).rejects.toMatchObject({ id: "s3-access-denied" });
    store.objects.delete("b/a/b");
    store.refusals.set("ListObjectsV2 b/a/", refusal("s3-access-denied", 403));
    expect(await keyOf(["a"])).toBe(expected(["a", 1, '"e1"']));
    store.refusals.set("ListObjectsV2 b/a/", refusal("s3-throttled", 503));
    await expect(keyOf(["a"])).rejects.toMatchObject({ id: "s3-throttled" });
  });

  it("any other error when an object is looked at is one, with the exit code of an error of S3", async () => {
    put({ a: held("1", '"e1"') });
    store.refusals.set("HeadObject b/a", refusal("s3-throttled", 503));
    await expect(keyOf(["a"])).rejects.toMatchObject({ id: "s3-throttled", exitCode: 254 });
    const ours = new TypeError("a mistake of ours");
    store.refusals.set("HeadObject b/a", ours);
    await expect(keyOf(["a"])).rejects.toBe(ours);
  });

  it.each([undefined, ""])(
    "an object that a listing has no ETag for (%j) is looked at; without any it fails",
    async (etag) => {
      put({ "a/b": held("12", etag) });
      await expect(keyOf(["a/"])).rejects.toMatchObject({ id: "cache-key-without-etag" });
      expect(store.asked).toContain("HeadObject b/a/b");
      await expect(keyOf(["a/b"])).rejects.toMatchObject({ id: "cache-key-without-etag" });
      expect(
        await cacheKey(withHeadsOnly(), {
          uris: [{ bucket: "b", key: "a/" }],
          filters: new Filters([]),
          pageSize: undefined,
        }),
      ).toBe(expected(["a/b", 2, '"of the head"']));
    },
  );
});

/** A store whose HEAD has the ETag that its listing lacks. */
function withHeadsOnly(): MemoryStore {
  const head = async () => ({ size: 2, etag: '"of the head"', headers: {} });
  return Object.assign(Object.create(store), { list: store.list.bind(store), head });
}
