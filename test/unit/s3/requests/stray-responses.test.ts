import { readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Wire } from "../../../../src/http/wire.js";
import { head, rawServer } from "../../../support/raw-server.js";
import type { Response } from "../../../support/s3-server/operation.js";
import { header } from "../../../support/s3-server/s3-request.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const ref = { bucket: "b", key: "k" };
const FOREIGN = '"0123456789abcdef0123456789abcdef"';
const NEVER = Number.POSITIVE_INFINITY;

/** In place of the server, so many times from the `from`th on, the response to another such request. */
function stray(world: StoreWorld, operation: string, answer: Response, times = 1, from = 1) {
  let seen = 0;
  let struck = 0;
  world.server.instead = (request) => {
    if (request.operation !== operation || ++seen < from || struck >= times) return undefined;
    struck++;
    return answer;
  };
  return () => struck;
}

const count = ({ server }: StoreWorld, operation: string) =>
  server.requests.filter((request) => request.operation === operation).length;

function fileOf({ folder }: StoreWorld, text = "what is sent") {
  writeFileSync(folder.at("f"), text);
  return { kind: "file", path: folder.at("f") } as const;
}

const put = (etag: string, more = {}): Response => ({
  status: 200,
  headers: { etag, ...more },
  body: Buffer.alloc(0),
});

describe("a response to another PutObject", () => {
  it("does not confirm an upload where the server names no checksum: HEAD tells", async () => {
    const world = await storeWorld({ modernChecksums: false });
    const struck = stray(world, "PutObject", put(FOREIGN));
    await world.store.upload(fileOf(world), ref, {});
    expect(struck()).toBe(1);
    expect(world.server.object("b", "k")?.body.toString()).toBe("what is sent");
    expect(count(world, "PutObject")).toBe(2);
  });

  it("nor where it has named checksums before", async () => {
    const world = await storeWorld();
    const struck = stray(world, "PutObject", put(FOREIGN), 1, 2);
    await world.store.upload(fileOf(world), { ...ref, key: "before" }, {});
    await world.store.upload(fileOf(world), ref, {});
    expect(struck()).toBe(1);
    expect(world.server.object("b", "k")?.body.toString()).toBe("what is sent");
    expect(count(world, "HeadObject")).toBe(0);
  });

  it("nor a new object that must not replace another", async () => {
    const world = await storeWorld();
    const struck = stray(world, "PutObject", put(FOREIGN));
    await world.store.upload(fileOf(world), ref, { ifAbsent: true });
    expect(struck()).toBe(1);
    expect(world.server.object("b", "k")?.body.toString()).toBe("what is sent");
  });

  it("is a failure when no other comes", async () => {
    const world = await storeWorld();
    const struck = stray(world, "PutObject", put(FOREIGN), NEVER);
    await expect(world.store.upload(fileOf(world), ref, {})).rejects.toMatchObject({
      id: "s3-not-stored",
      exitCode: 1,
      message: expect.stringMatching(/^S3 confirmed the PutObject operation, .* \(request ID \w+\)$/),
    });
    expect(struck()).toBe(5);
  });

  it.each([
    ["is the object's", undefined],
    ["is not to be had, since HEAD is refused", 403],
  ])("is no such thing when the ETag is no MD5 and %s", async (_why, status) => {
    const world = await storeWorld();
    world.server.alter = (answer, { operation }) => {
      if (operation === "HeadObject" && status !== undefined) return { ...answer, status };
      const { "x-amz-checksum-crc64nvme": _sum, ...headers } = answer.headers;
      return { ...answer, headers: { ...headers, etag: FOREIGN } };
    };
    await world.store.upload(fileOf(world), ref, {});
    expect(count(world, "PutObject")).toBe(1);
    expect(count(world, "HeadObject")).toBeGreaterThan(0);
  });

  it("is not looked for where keys of KMS make the ETag", async () => {
    const world = await storeWorld();
    const kms = { "x-amz-server-side-encryption": "aws:kms" };
    const struck = stray(world, "PutObject", put(FOREIGN, kms));
    await world.store.upload(fileOf(world), ref, {});
    expect({ struck: struck(), heads: count(world, "HeadObject") }).toEqual({ struck: 1, heads: 0 });
  });
});

describe("a response to another CopyObject", () => {
  const result = (etag: string): Response => ({
    status: 200,
    headers: {},
    body: Buffer.from(`<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`),
  });
  const copy = ({ server, store }: StoreWorld) => {
    const { etag } = server.put("b", "from", "copied");
    return store.copy(
      { bucket: "b", key: "from" },
      ref,
      { copyProps: "none" },
      { size: 6, etag: `"${etag}"` },
    );
  };

  it("does not confirm a copy", async () => {
    const world = await storeWorld();
    const struck = stray(world, "CopyObject", result(FOREIGN));
    await copy(world);
    expect(struck()).toBe(1);
    expect(world.server.object("b", "k")?.body.toString()).toBe("copied");
  });

  it("is a failure when no other comes", async () => {
    const world = await storeWorld();
    const struck = stray(world, "CopyObject", result(FOREIGN), NEVER);
    await expect(copy(world)).rejects.toMatchObject({ id: "s3-not-stored", exitCode: 1 });
    expect(struck()).toBe(5);
  });

  it("is not looked for when the ETags are the same", async () => {
    const world = await storeWorld();
    await copy(world);
    expect(count(world, "HeadObject")).toBe(0);
  });
});

describe("a response to another listing", () => {
  const listing = (asked: string): Response => ({
    status: 200,
    headers: {},
    body: Buffer.from(
      `<ListBucketResult>${asked}<IsTruncated>false</IsTruncated><Contents><Key>p/stray</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`,
    ),
  });
  async function listed(asked: string, times: number) {
    const world = await storeWorld();
    world.server.put("b", "p/own", "x");
    const struck = stray(world, "ListObjectsV2", listing(asked), times);
    const keys: string[] = [];
    for await (const page of world.store.list({ bucket: "b", prefix: "p/" }))
      keys.push(...page.objects.map(({ key }) => key));
    const connections = world.server.requests.map((request) => header(request, "connection"));
    return { keys, struck: struck(), connections };
  }

  it.each([
    "<Prefix>p/s</Prefix>",
    "<Prefix/>",
    "<Prefix>p/</Prefix><Delimiter>/</Delimiter>",
    "<Prefix>p/</Prefix><ContinuationToken>t</ContinuationToken>",
  ])("is not taken: %s", async (asked) => {
    expect(await listed(asked, 1)).toEqual({ keys: ["p/own"], struck: 1, connections: [undefined, "close"] });
  });

  it("is how the server writes it when it says so on a connection of its own", async () => {
    expect(await listed("<Prefix>/p/</Prefix>", NEVER)).toMatchObject({ keys: ["p/stray"], struck: 2 });
  });

  it.each(["", "<Prefix>p/</Prefix>"])(
    "is none when it says what was asked, or nothing: %j",
    async (asked) => {
      expect(await listed(asked, NEVER)).toMatchObject({ keys: ["p/stray"], struck: 1 });
    },
  );
});

describe("an object that is not as it was listed", () => {
  const time = Date.parse("2026-01-02T03:04:05Z");
  async function downloaded(world: StoreWorld, listed: { etag?: string; lastModified: number }, size = 3) {
    const target = { kind: "file", path: world.folder.at("f") } as const;
    await world.store.download(ref, target, { size, listed });
    const made = world.server.requests.map(({ operation }) => operation);
    return { text: readFileSync(world.folder.at("f"), "utf8"), made };
  }

  it.each([
    ["in other quotes", (etag: string) => etag],
    ["in capitals", (etag: string) => `"${etag.toUpperCase()}"`],
    ["weak", (etag: string) => `W/"${etag}"`],
    ["missing", () => undefined],
  ])("is one request when the ETag is %s", async (_what, respell) => {
    const world = await storeWorld();
    const { etag } = world.server.put("b", "k", "new", { lastModified: time });
    const respelled = respell(etag);
    const listed = { ...(respelled === undefined ? {} : { etag: respelled }), lastModified: time + 300 };
    expect(await downloaded(world, listed)).toEqual({ text: "new", made: ["GetObject"] });
  });

  it.each([
    ["another ETag", { etag: FOREIGN, lastModified: time }, 3],
    ["another size", { lastModified: time }, 4],
    ["another time and no ETag", { lastModified: time - 60_000 }, 3],
  ])("is taken as it is now, once HEAD has said the same: %s", async (_what, listed, size) => {
    const world = await storeWorld();
    world.server.put("b", "k", "new", { lastModified: time });
    expect(await downloaded(world, listed, size)).toEqual({
      text: "new",
      made: ["GetObject", "HeadObject", "GetObject"],
    });
    expect(world.server.requests.map((request) => header(request, "connection"))).toEqual([
      undefined,
      "close",
      "close",
    ]);
  });

  it("is taken when two answers agree, where HEAD is refused", async () => {
    const world = await storeWorld();
    world.server.put("b", "k", "new", { lastModified: time });
    world.server.alter = (answer, { operation }) =>
      operation === "HeadObject" ? { ...answer, status: 405 } : answer;
    expect((await downloaded(world, { etag: FOREIGN, lastModified: time })).text).toBe("new");
  });

  it("is a failure when it is another one at each look", async () => {
    const world = await storeWorld();
    let version = 0;
    world.server.instead = () => void world.server.put("b", "k", `v${++version}`, { lastModified: time });
    await expect(downloaded(world, { etag: FOREIGN, lastModified: time })).rejects.toMatchObject({
      id: "s3-changed",
      exitCode: 1,
    });
    expect(version).toBe(9);
  });
});

describe("a response that came before the request", () => {
  it("is not taken for one to HEAD or DELETE, which name nothing to be compared", async () => {
    const sockets: Socket[] = [];
    const answer = (size: number) => head(200, { "content-length": size, etag: `"${size}"` });
    const raw = await rawServer(({ method }, socket) => {
      sockets.push(socket);
      socket.write(method === "DELETE" ? head(204, { server: "x" }) : answer(1));
    });
    const { store } = await storeWorld({}, { endpointUrl: raw.url });
    for (const strays of [0, 1, 2]) {
      // It is there, and Node has not read it yet.
      if (strays > 0) sockets.at(-1)?.write(answer(2));
      expect((await store.head(ref)).size).toBe(1);
      sockets.at(-1)?.write(head(403, { "content-length": 0 }));
      await store.remove(ref);
    }
    expect(raw.requests.map(({ method }) => method)).toEqual([
      "HEAD",
      "DELETE",
      "HEAD",
      "DELETE",
      "HEAD",
      "DELETE",
    ]);
    expect(new Set(sockets).size).toBe(6);
  });
});

describe("a response to POST", () => {
  const HELLO = `${head(200, { "content-length": 5 })}hello`;

  async function asked(answer: string) {
    const raw = await rawServer((_, socket) => void socket.write(answer));
    const options = { caBundle: undefined, verifySsl: true, connectTimeoutMs: 10_000, readTimeoutMs: 20_000 };
    const wire = new Wire(options, {});
    onTestFinished(() => wire.destroy());
    const request = { origin: raw.url, method: "POST", path: "/", headers: { "content-length": "0" } };
    return wire.send(request, undefined, new Cancellation());
  }

  it("is taken when it is the only one", async () => {
    expect((await asked(HELLO)).body.toString()).toBe("hello");
  });

  it.each([HELLO, "more"])("is not when %j follows it", async (more) => {
    await expect(asked(HELLO + more)).rejects.toThrow("the server sent more than the response");
  });
});
