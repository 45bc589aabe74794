import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createLink, type LinkOptions } from "../../bench/link/link.js";

const NOTHING: LinkOptions = { roundTripMs: 0, mbPerSecond: 0, mbPerSecondInAll: 0 };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** All that comes. Not by iterating, which would close the other direction too. */
async function received(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "end");
  return Buffer.concat(chunks);
}

/** The port of a link to a server that gives back what it gets, once it has all of it. */
async function linkToEcho(options: Partial<LinkOptions>): Promise<number> {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    void received(socket).then((data) => socket.end(data));
  });
  return listen(createLink(await listen(echo), { ...NOTHING, ...options }));
}

/** What comes back for some bytes, and after how many ms. */
async function exchange(port: number, data: Buffer): Promise<{ back: Buffer; ms: number }> {
  const started = performance.now();
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(data);
  const back = await received(socket);
  return { back, ms: performance.now() - started };
}

/** No two parts of it are the same. */
const MEGABYTE = Buffer.from(Uint32Array.from({ length: 250_000 }, (_, index) => index).buffer);

describe("the benchmark's link", () => {
  it.each<Partial<LinkOptions>>([
    {},
    { roundTripMs: 8 },
    { roundTripMs: 8, mbPerSecond: 40 },
    { roundTripMs: 8, mbPerSecond: 40, mbPerSecondInAll: 60 },
  ])("passes on every byte, and the end of each side (%j)", async (options) => {
    const port = await linkToEcho(options);
    const all = await Promise.all([MEGABYTE, MEGABYTE, Buffer.alloc(0)].map((data) => exchange(port, data)));
    expect(all.map(({ back }) => back.length)).toEqual([1e6, 1e6, 0]);
    expect(all[0]!.back.equals(MEGABYTE) && all[1]!.back.equals(MEGABYTE)).toBe(true);
  });

  it("takes a round trip for a connection, and another for what is sent on it", async () => {
    const { ms } = await exchange(await linkToEcho({ roundTripMs: 40 }), Buffer.from("x"));
    // 80, less the grain of timers.
    expect(ms).toBeGreaterThan(70);
  });

  it("takes, for each way, the time that the rate of a connection allows", async () => {
    const { ms } = await exchange(await linkToEcho({ mbPerSecond: 20 }), MEGABYTE);
    expect(ms).toBeGreaterThan(90);
  });

  it("shares a rate among connections", async () => {
    const port = await linkToEcho({ mbPerSecondInAll: 20 });
    const all = await Promise.all([MEGABYTE, MEGABYTE].map((data) => exchange(port, data)));
    // 200, less what is early; to each its own would be 100.
    expect(Math.max(...all.map(({ ms }) => ms))).toBeGreaterThan(150);
  });
});
