import { closeSync, openSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

describe("a download to a stream", () => {
  it.each([0, 5, 7 * 1024 * 1024 + 1])("brings %i bytes in order, verified", async (size) => {
    const { server, store, folder } = await storeWorld({}, { partSize: 1024 * 1024 });
    const body = Buffer.alloc(size);
    for (let index = 0; index < size; index += 61) body[index] = index % 251;
    server.put("b", "k", body);
    const fd = openSync(folder.at("out"), "w");
    await store.download({ bucket: "b", key: "k" }, { kind: "stream", fd }, {});
    closeSync(fd);
    expect(readFileSync(folder.at("out")).equals(body)).toBe(true);
  });

  it("fails when one of its ranges does", async () => {
    const { server, store, folder } = await storeWorld({}, { partSize: 1024 * 1024 });
    server.put("b", "k", Buffer.alloc(5 * 1024 * 1024));
    server.instead = ({ headers }) =>
      headers.range?.startsWith("bytes=2097152-")
        ? { status: 403, headers: {}, body: Buffer.from("") }
        : undefined;
    const fd = openSync(folder.at("out"), "w");
    await expect(store.download({ bucket: "b", key: "k" }, { kind: "stream", fd }, {})).rejects.toMatchObject(
      {
        id: "s3-access-denied",
      },
    );
    closeSync(fd);
  });

  it("fails when its reader has gone", async () => {
    const { server, store } = await storeWorld();
    server.put("b", "k", "x");
    const fd = openSync("/dev/full", "w");
    await expect(store.download({ bucket: "b", key: "k" }, { kind: "stream", fd }, {})).rejects.toMatchObject(
      {
        id: "local-disk-full",
      },
    );
    closeSync(fd);
  });
});
