import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connections } from "../../../src/http/connections.js";

it("leaves some connections to others where the server bears few", async () => {
  let open = 0;
  const server = createServer((_, response) => {
    setTimeout(() => response.writeHead(200, { "content-length": 1 }).end("x"), 50);
  });
  server.on("connection", (socket) => {
    socket.once("close", () => open--);
    if (++open > 3) socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = new Connections(
    { origin: new URL(origin), tls: undefined, proxy: undefined, connectTimeoutMs: 5000 },
    5000,
  );
  onTestFinished(() => connections.destroy());

  const request = { origin, path: "/", method: "GET", headers: { host: "b" } } as const;
  const sent = [1, 2, 3, 4].map(() => connections.send(request, undefined, new Cancellation()));
  const states = (await Promise.allSettled(sent)).map(({ status }) => status);
  expect(states.filter((status) => status === "rejected")).toHaveLength(1);
  await expect.poll(() => open).toBeLessThan(3);
  await connections.send(request, undefined, new Cancellation());
});
