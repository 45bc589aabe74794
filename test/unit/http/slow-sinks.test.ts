import type { Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connection } from "../../../src/http/connection.js";
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
