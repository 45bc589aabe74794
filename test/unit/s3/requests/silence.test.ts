import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CopyParameters, Store } from "../../../../src/s3/store.js";
import type { S3Server } from "../../../support/s3-server/s3-server.js";
import { storeWorld } from "../../../support/store-world.js";
import type { TemporaryFolder } from "../../../support/temporary-folder.js";

/** Tries of a request. */
const TRIES = 5;
/** Milliseconds that are borne: long enough for what is answered. */
const SILENCE_MS = 2500;
/** Where nothing that matters is. */
const SHORT_MS = 600;

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();

const k = { bucket: "b", key: "k" };
const PART = 8 * 1024 ** 2;

/** Has the server do what it is asked, and never answer, `times` times. @returns how often it was asked */
function silent(server: S3Server, operation: string, times = Number.POSITIVE_INFINITY): () => number {
  let asked = 0;
  let release = (): void => undefined;
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  onTestFinished(() => release());
  server.instead = (request) => {
    if (request.operation !== operation || ++asked > times) return undefined;
    return held;
  };
  return () => asked;
}

/** A file in a folder of one test. */
function file(folder: TemporaryFolder, content: Buffer): string {
  const path = folder.at(`file-${content.length}`);
  writeFileSync(path, content);
  return path;
}

describe("a server that is silent", () => {
  const parameters: CopyParameters = { copyProps: "none" };
  const upload = (store: Store, path: string, more: object) => store.upload({ kind: "file", path }, k, more);

  it.each([
    { operation: "DeleteObject", tries: TRIES, ask: (store: Store) => store.remove(k) },
    { operation: "HeadObject", tries: TRIES, ask: (store: Store) => store.head(k) },
    { operation: "PutObject", tries: TRIES, ask: (store: Store, small: string) => upload(store, small, {}) },
    {
      operation: "PutObject",
      tries: 1,
      ask: (store: Store, small: string) => upload(store, small, { ifAbsent: true }),
    },
    {
      operation: "CreateMultipartUpload",
      tries: 1,
      ask: (store: Store, _: string, large: string) => upload(store, large, {}),
    },
    {
      operation: "CopyObject",
      tries: TRIES,
      ask: (store: Store) => store.copy(k, { bucket: "b", key: "to" }, parameters, { size: 1 }),
    },
    {
      operation: "CopyObject",
      tries: 1,
      ask: (store: Store) =>
        store.copy(k, { bucket: "b", key: "to" }, { ...parameters, ifAbsent: true }, { size: 1 }),
    },
  ])("has a request, and is asked again only where that does no harm: $operation, $tries", async (each) => {
    const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SHORT_MS });
    server.put("b", "k", "x");
    const asked = silent(server, each.operation);
    const [small, large] = [file(folder, Buffer.from("x")), file(folder, Buffer.alloc(PART))];
    // On a connection that is kept as on any other.
    for await (const _ of store.list({ bucket: "b", prefix: "" })) break;
    const failure = await each.ask(store, small, large).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(asked()).toBe(each.tries);
    expect(failure).toMatchObject({
      id: "s3-unreachable",
      message: expect.stringMatching(
        each.tries > 1 ? /fell silent .*\(5 tries\)$/ : /fell silent for \S+ s$/,
      ),
      hint: expect.stringMatching(
        each.tries > 1 ? /how long to wait\.$/ : /The request may have succeeded all the same: check\.$/,
      ),
    });
  });
});

describe("a range of a download", () => {
  it("is asked for again when the server is silent about it, though it is pinned to a version", async () => {
    const { server, store, folder } = await storeWorld(
      {},
      { readTimeoutMs: SILENCE_MS, partSize: 5 * 1024 ** 2 },
    );
    const body = Buffer.alloc(11 * 1024 ** 2, "x");
    server.put("b", "k", body);
    const path = folder.at("target");
    let pinned = 0;
    let release = (): void => undefined;
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    onTestFinished(() => release());
    server.instead = (request) => {
      if (request.operation !== "GetObject" || request.headers["if-match"] === undefined) return undefined;
      return ++pinned === 1 ? held : undefined;
    };
    await store.download(k, { kind: "file", path }, {});
    // Byte by byte it takes minutes on a busy machine.
    expect(readFileSync(path).equals(body)).toBe(true);
    expect(pinned).toBe(3);
  });
});

describe("a completion that is not answered", () => {
  it("is not asked for again when it was done", async () => {
    const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SILENCE_MS });
    const body = Buffer.alloc(PART, "x");
    const asked = silent(server, "CompleteMultipartUpload");
    const { instead } = server;
    server.instead = (request, sent) => {
      const answer = instead?.(request, sent);
      if (request.operation === "CompleteMultipartUpload") {
        const etag = `${md5(md5(body)).toString("hex")}-1`;
        server.put("b", "k", body, { etag });
      }
      return answer;
    };
    await store.upload({ kind: "file", path: file(folder, body) }, k, {});
    expect(asked()).toBe(1);
  });

  it("is asked for again when it was not", async () => {
    const { server, store, folder } = await storeWorld({}, { readTimeoutMs: SILENCE_MS });
    const body = Buffer.alloc(PART, "x");
    const asked = silent(server, "CompleteMultipartUpload", 1);
    await store.upload({ kind: "file", path: file(folder, body) }, k, {});
    expect(asked()).toBe(2);
    expect(server.object("b", "k")?.body.equals(body)).toBe(true);
  });
});

it("gives a server whose answers are long in coming no more at once", async () => {
  const { server, store } = await storeWorld({}, { readTimeoutMs: 4000 });
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
