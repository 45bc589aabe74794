import { type AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import { expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connection } from "../../../src/http/connection.js";
import { Wire } from "../../../src/http/wire.js";
import { TEST_TLS } from "../../support/certificate/certificate.js";
import { head, rawServer } from "../../support/raw-server.js";
import { until } from "../../support/until.js";

/** Bytes: more than all buffers between the server and us hold. */
const SIZE = 64 * 1024 ** 2;

/** Milliseconds of silence that are borne. */
const SILENCE = 200;

it("is read no further while what takes the body is busy, and that is no silence of the server's", async () => {
  let server: Socket | undefined;
  const raw = await rawServer((_, socket) => {
    server = socket;
    socket.write(head(200, { "content-length": SIZE }));
    socket.write(Buffer.alloc(SIZE, "x"));
  });
  const origin = new URL(raw.url);
  const connection = new Connection(
    { origin, tls: undefined, proxy: undefined, connectTimeoutMs: 10_000 },
    SILENCE,
  );
  onTestFinished(() => connection.destroy(new Error("the test is over")));
  let received = 0;
  let goOn: () => void = () => undefined;
  const busy = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const sent = connection.send(
    { origin: raw.url, method: "GET", path: "/", headers: { host: "x" } },
    {
      onResponse: () => undefined,
      onChunk: (chunk) => {
        received += chunk.length;
        return received === SIZE ? undefined : busy;
      },
    },
    new Cancellation(),
  );
  await until(() => received > 0);
  const before = received;
  const began = performance.now();
  await until(() => performance.now() - began > 3 * SILENCE);
  // What one read had brought.
  expect(received - before).toBeLessThan(1024 ** 2);
  expect(server?.writableLength).toBeGreaterThan(SIZE / 2);
  goOn();
  expect((await sent).status).toBe(200);
  expect(received).toBe(SIZE);
});

it("minds its limit again after each wait, also where TLS brings several chunks at once", async () => {
  const size = 512 * 1024;
  const server = createServer(TEST_TLS, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () =>
      socket.write(Buffer.concat([Buffer.from(head(200, { "content-length": size })), Buffer.alloc(size)])),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = vi.spyOn(Socket.prototype, "setTimeout");
  const options = { caBundle: undefined, verifySsl: false, connectTimeoutMs: 0, readTimeoutMs: 600_000 };
  const wire = new Wire(options, {});
  onTestFinished(() => {
    limits.mockRestore();
    wire.destroy();
    server.close();
  });
  const sink = {
    onResponse: () => undefined,
    onChunk: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const request = { origin, method: "GET", path: "/", headers: { host: "x" } };
  expect((await wire.send(request, sink, new Cancellation())).status).toBe(200);
  const calls = limits.mock.calls.map(([ms], index) => ({ ms, socket: limits.mock.contexts[index] }));
  const ours = calls.find(({ ms }) => ms === 600_000)?.socket;
  const set = calls.filter(({ socket }) => socket === ours).map(({ ms }) => ms);
  expect(set).toEqual(set.map((_, index) => (index % 2 === 0 ? 600_000 : 0)));
  expect(set.length).toBeGreaterThan(2);
});
