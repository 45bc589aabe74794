import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connections } from "../../../src/http/connections.js";

/** A server that answers when it is told to, and counts what it has been connected to. */
async function server(most = Number.POSITIVE_INFINITY) {
  const seen = { connected: 0, refused: 0 };
  const waiting: (() => void)[] = [];
  const listening = createServer((_, response) => {
    waiting.push(() => response.writeHead(200, { "content-length": 1 }).end("x"));
  });
  listening.on("connection", (socket) => {
    if (++seen.connected <= most) return;
    seen.refused++;
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void listening.close());
  const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const route = { origin: new URL(origin), tls: undefined, proxy: undefined, connectTimeoutMs: 0 };
  const connections = new Connections(route, 0);
  onTestFinished(() => connections.destroy());
  const send = (connections_?: number) =>
    connections.send(
      { origin, path: "/", method: "GET", headers: { host: "b" }, connections: connections_ },
      undefined,
      new Cancellation(),
    );
  const answerAll = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { seen, waiting, send, answerAll };
}

it("opens connections beside the first request's, which the requests behind it go over", async () => {
  const { seen, waiting, send, answerAll } = await server();
  const first = send(4);
  await expect.poll(() => seen.connected).toBe(4);
  await expect.poll(() => waiting.length).toBe(1);
  const others = [send(), send(), send()];
  await expect.poll(() => waiting.length).toBe(4);
  expect(seen.connected).toBe(4);
  answerAll();
  for (const response of await Promise.all([first, ...others])) expect(response.status).toBe(200);
});

it("gives a request a connection that is still being opened", async () => {
  const { seen, waiting, send, answerAll } = await server();
  const sent = [send(3), send(), send()];
  await expect.poll(() => waiting.length).toBe(3);
  expect(seen.connected).toBe(3);
  answerAll();
  for (const response of await Promise.all(sent)) expect(response.status).toBe(200);
});

it("opens them once, and lets go of those that the server does not take", async () => {
  const { seen, waiting, send, answerAll } = await server(2);
  const first = send(5);
  await expect.poll(() => seen.refused).toBe(3);
  await expect.poll(() => waiting.length).toBe(1);
  answerAll();
  expect((await first).status).toBe(200);
  const again = [send(5), send(5)];
  await expect.poll(() => waiting.length).toBe(2);
  answerAll();
  for (const response of await Promise.all(again)) expect(response.status).toBe(200);
  expect(seen.connected).toBe(5);
});
