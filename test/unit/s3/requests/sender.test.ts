import { describe, expect, it } from "vitest";
import type { Credentials } from "../../../../src/credentials/credentials.js";
import { storeWorld } from "../../../support/store-world.js";

const xmlError = (status: number, code: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "content-type": "application/xml", ...headers },
  body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said so</Message></Error>`),
});

describe("Sender", () => {
  it.each(["permanent-redirect", "malformed"] as const)(
    "follows a bucket to its region once: %s",
    async (wrongRegion) => {
      const { server, store } = await storeWorld({ wrongRegion });
      server.createBucket("far", "eu-west-3");
      server.put("far", "k", "x");
      await store.head({ bucket: "far", key: "k" });
      await store.head({ bucket: "far", key: "k" });
      expect(server.requests.filter(({ status }) => status !== 200)).toHaveLength(1);
    },
  );

  it.each([
    ["in seconds", () => "7"],
    ["by a date", (now: number) => new Date(Math.ceil(now / 1000) * 1000 + 7000).toUTCString()],
  ])("retries a server that asks to slow down %s, and succeeds", async (_how, retryAfter) => {
    const { server, store, context } = await storeWorld();
    server.put("b", "k", "x");
    const headers = { "retry-after": retryAfter(context.now()) };
    // A clock that stands still.
    const now = context.now();
    context.now = () => now;
    let left = 3;
    server.instead = () => (left-- > 0 ? xmlError(503, "SlowDown", headers) : undefined);
    await store.head({ bucket: "b", key: "k" });
    expect(context.slept).toHaveLength(3);
    for (const slept of context.slept) expect(slept).toBeGreaterThanOrEqual(7000);
  });

  it.each([500, 502, 503, 504])("gives up on a lasting %i after five tries", async (status) => {
    const { server, store, folder } = await storeWorld();
    server.instead = () => xmlError(status, "InternalError");
    const path = folder.at("f");
    await expect(store.download({ bucket: "b", key: "k" }, { kind: "file", path }, {})).rejects.toThrow(
      "InternalError",
    );
    expect(server.requests.filter(({ method }) => method === "GET")).toHaveLength(5);
    // Some stores answer a range of an empty object so.
    expect(server.requests).toHaveLength(status === 500 ? 6 : 5);
  });

  it("does not give up an object that is refused while the server serves others", async () => {
    const { server, store, context } = await storeWorld();
    server.put("b", "k", "x");
    server.put("b", "refused", "x");
    context.sleep = async () => void (await store.head({ bucket: "b", key: "k" }));
    let left = 12;
    server.instead = ({ key }) => (key === "refused" && left-- > 0 ? xmlError(503, "SlowDown") : undefined);
    await store.head({ bucket: "b", key: "refused" });
    expect(left).toBe(-1);
  });

  it("gives up an object that is refused for ever, whatever else the server serves", async () => {
    const { server, store, context } = await storeWorld();
    server.put("b", "k", "x");
    context.sleep = async () => void (await store.head({ bucket: "b", key: "k" }));
    let refused = 0;
    server.instead = ({ key }) => {
      if (key !== "refused") return undefined;
      refused++;
      return xmlError(503, "SlowDown");
    };
    await expect(store.head({ bucket: "b", key: "refused" })).rejects.toThrow();
    // Twenty that the server served others beside, and five that count.
    expect(refused).toBe(25);
  });

  it("does not repeat what was refused", async () => {
    const { server, store, folder } = await storeWorld();
    server.instead = () => xmlError(403, "AccessDenied");
    const path = folder.at("f");
    await expect(store.download({ bucket: "b", key: "k" }, { kind: "file", path }, {})).rejects.toMatchObject(
      {
        id: "s3-access-denied",
      },
    );
    expect(server.requests).toHaveLength(1);
  });

  it("asks for fresh keys once when the old have expired", async () => {
    const world = await storeWorld();
    const { server } = world;
    server.put("b", "k", "x");
    const old = server.keys.issue(Date.now() - 1000);
    const fresh = server.keys.issue(Date.now() + 3_600_000);
    let current: Credentials = old as never;
    let expired = 0;
    const store = world.open({
      credentials: async () => current,
      expire: () => {
        expired++;
        current = fresh as never;
      },
    });
    await Promise.all([1, 2, 3].map(() => store.head({ bucket: "b", key: "k" })));
    expect(expired).toBe(1);
  });

  it("fails when fresh keys are expired as well", async () => {
    const world = await storeWorld();
    const old = world.server.keys.issue(Date.now() - 1000);
    const store = world.open({ credentials: async () => old as never });
    await expect(
      store.download({ bucket: "b", key: "k" }, { kind: "file", path: world.folder.at("f") }, {}),
    ).rejects.toMatchObject({ id: "s3-expired" });
    expect(world.server.requests).toHaveLength(2);
  });

  it("sets its clock by the server's", async () => {
    const { server, store, folder } = await storeWorld();
    server.put("b", "k", "x");
    server.behaviour.now = () => Date.now() - 3_600_000;
    server.alter = (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(server.behaviour.now()).toUTCString() },
    });
    const download = () =>
      store.download({ bucket: "b", key: "k" }, { kind: "file", path: folder.at("f") }, { size: 1 });
    await download();
    await download();
    expect(server.requests.map(({ status }) => status)).toEqual([403, 200, 200]);
  });

  it("sends no signature where none is wanted", async () => {
    const world = await storeWorld();
    const store = world.open({ credentials: undefined });
    world.server.instead = ({ headers }) =>
      headers.authorization === undefined ? { status: 200, headers: {}, body: Buffer.from("") } : undefined;
    await store.remove({ bucket: "b", key: "k" });
  });

  it("says that nobody answers", async () => {
    const world = await storeWorld();
    const store = world.open({ endpointUrl: "http://127.0.0.1:1" });
    await expect(store.remove({ bucket: "b", key: "k" })).rejects.toMatchObject({
      id: "s3-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await expect(
      store.list({ bucket: "b", prefix: "" })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ exitCode: 255 });
  });

  it("does not trust a certificate that nobody vouches for", async () => {
    const world = await storeWorld({ tls: true });
    const untrusting = world.open({ caBundle: undefined });
    await expect(untrusting.remove({ bucket: "b", key: "k" })).rejects.toMatchObject({
      id: "s3-certificate",
    });
    await world.open({ caBundle: undefined, verifySsl: false }).remove({ bucket: "b", key: "k" });
    await expect(
      world.open({ caBundle: "/proc/nowhere" }).remove({ bucket: "b", key: "k" }),
    ).rejects.toMatchObject({
      id: "ca-bundle-unreadable",
    });
  });
});
