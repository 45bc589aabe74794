import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { silent } from "../../../support/silent.js";
import { storeWorld } from "../../../support/store-world.js";

/** Milliseconds that are borne: long enough for what is answered. */
const SILENCE_MS = 2500;

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();

const k = { bucket: "b", key: "k" };
const PART = 8 * 1024 ** 2;

describe.concurrent("a range of a download", () => {
  it("is asked for again when the server is silent about it, though it is pinned to a version", async ({
    onTestFinished,
  }) => {
    const { server, store, folder } = await storeWorld(
      {},
      { readTimeoutMs: SILENCE_MS, partSize: 5 * 1024 ** 2 },
      {},
      onTestFinished,
    );
    const body = Buffer.alloc(11 * 1024 ** 2, "x");
    server.put("b", "k", body);
    const path = folder.at("target");
    const pinned = silent(
      server,
      ({ operation, headers }) => operation === "GetObject" && headers["if-match"] !== undefined,
      onTestFinished,
      1,
    );
    await store.download(k, { kind: "file", path }, {});
    // Byte by byte it takes minutes on a busy machine.
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(pinned()).toBe(3);
  });
});

describe.concurrent("a completion that is not answered", () => {
  it("is not asked for again when it was done", async ({ onTestFinished }) => {
    const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SILENCE_MS }, {}, onTestFinished);
    const body = Buffer.alloc(PART, "x");
    writeFileSync(folder.at("f"), body);
    const asked = silent(server, "CompleteMultipartUpload", onTestFinished);
    const { instead } = server;
    server.instead = (request, sent) => {
      const answer = instead?.(request, sent);
      if (request.operation === "CompleteMultipartUpload") {
        const etag = `${md5(md5(body)).toString("hex")}-1`;
        server.put("b", "k", body, { etag });
      }
      return answer;
    };
    await store.upload({ kind: "file", path: folder.at("f") }, k, {});
    expect(asked()).toBe(1);
  });

  it("is asked for again when it was not", async ({ onTestFinished }) => {
    const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SILENCE_MS }, {}, onTestFinished);
    const body = Buffer.alloc(PART, "x");
    writeFileSync(folder.at("f"), body);
    const asked = silent(server, "CompleteMultipartUpload", onTestFinished, 1);
    await store.upload({ kind: "file", path: folder.at("f") }, k, {});
    expect(asked()).toBe(2);
    expect(server.object("b", "k")?.body.equals(body)).toBe(true);
  });
});

it.concurrent("gives a server whose answers are long in coming no more at once", async ({
  onTestFinished,
}) => {
  const { server, store } = await storeWorld({}, { readTimeoutMs: 4000 }, {}, onTestFinished);
  let underWay = 0;
  const seen: number[] = [];
  server.instead = async () => {
    seen.push(++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    underWay--;
    return undefined;
  };
  server.put("b", "k", "x");
  await Promise.all(Array.from({ length: 90 }, () => store.head(k)));
  expect(seen.length).toBeGreaterThanOrEqual(90);
  expect(Math.max(...seen.slice(-30))).toBeLessThanOrEqual(11);
});
