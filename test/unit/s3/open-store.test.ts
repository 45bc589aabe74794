import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { storeWorld } from "../../support/store-world.js";

const MIB = 1024 * 1024;

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index += 61) bytes[index] = index % 251;
  return bytes;
}

describe.each([{ tls: false }, { tls: true }])("a store over $tls", ({ tls }) => {
  it.each([0, 1, 4096, 3 * MIB, 9 * MIB + 17])("downloads %i bytes", async (size) => {
    const { server, store, folder } = await storeWorld({ tls });
    const body = pattern(size);
    const { lastModified } = server.put("b", "dir/k ü+%.bin", body);
    let counted = 0;
    await store.download(
      { bucket: "b", key: "dir/k ü+%.bin" },
      { kind: "file", path: folder.at("f") },
      { onBytes: (bytes) => (counted += bytes) },
    );
    expect(readFileSync(folder.at("f")).equals(body)).toBe(true);
    expect(statSync(folder.at("f")).mtimeMs).toBe(lastModified);
    expect(counted).toBe(size);
    expect(readdirSync(folder.path)).toEqual(["f"]);
  });

  it.each([0, 1, 4096, 3 * MIB, 9 * MIB + 17])("uploads %i bytes", async (size) => {
    const { server, store, folder } = await storeWorld({ tls });
    const body = pattern(size);
    writeFileSync(folder.at("f"), body);
    let counted = 0;
    await store.upload(
      { kind: "file", path: folder.at("f") },
      { bucket: "b", key: "k" },
      { contentType: "text/x", metadata: { a: "1" } },
      { onBytes: (bytes) => (counted += bytes) },
    );
    const object = server.object("b", "k");
    expect(object?.body.equals(body)).toBe(true);
    expect(object?.headers["content-type"]).toBe("text/x");
    expect(object?.metadata).toEqual({ a: "1" });
    expect(object?.checksum).toMatchObject({ algorithm: "CRC64NVME" });
    expect(counted).toBe(size);
  });
});

describe("a store", () => {
  it("lists, heads and removes", async () => {
    const { server, store } = await storeWorld();
    for (const key of ["a/1", "a/2", "b&<ü\n"]) server.put("b", key, "x");
    const pages = [];
    for await (const page of store.list({ bucket: "b", prefix: "", pageSize: 2 })) pages.push(page);
    expect(pages.flatMap(({ objects }) => objects.map(({ key }) => key))).toEqual(["a/1", "a/2", "b&<ü\n"]);
    expect(pages).toHaveLength(2);
    expect((await store.head({ bucket: "b", key: "a/1" })).size).toBe(1);
    await store.remove({ bucket: "b", key: "a/1" });
    expect(server.object("b", "a/1")).toBeUndefined();
    for await (const page of store.listBuckets({})) expect(page.map(({ name }) => name)).toEqual(["b"]);
  });

  it("copies", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "k", "hello", { metadata: { m: "1" } });
    await store.copy({ bucket: "b", key: "k" }, { bucket: "b", key: "l" }, { copyProps: "default" });
    expect(server.object("b", "l")).toMatchObject({ metadata: { m: "1" } });
  });

  it("says what S3 says", async () => {
    const { store, folder } = await storeWorld();
    const file = { kind: "file", path: folder.at("f") } as const;
    await expect(store.download({ bucket: "b", key: "no" }, file, {})).rejects.toThrow(
      "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.",
    );
    await expect(store.download({ bucket: "none", key: "no" }, file, {})).rejects.toMatchObject({
      id: "s3-no-such-bucket",
      exitCode: 1,
    });
    await expect(store.head({ bucket: "none", key: "no" })).rejects.toMatchObject({
      id: "s3-no-such-bucket",
    });
    await expect(
      store.list({ bucket: "none", prefix: "" })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({
      id: "s3-no-such-bucket",
      exitCode: 254,
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
