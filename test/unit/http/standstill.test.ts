import { expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connection } from "../../../src/http/connection.js";
import { head, rawServer } from "../../support/raw-server.js";

const SILENCE = 100;

it("takes a response that came while this process stood still", async () => {
  const raw = await rawServer((_, socket) => {
    socket.write(`${head(200, { "content-length": 5 })}hello`);
    // As docker pause does: nothing runs, timers neither.
    for (const until = performance.now() + 3 * SILENCE; performance.now() < until; );
  });
  const origin = new URL(raw.url);
  const route = { origin, tls: undefined, proxy: undefined, connectTimeoutMs: 10_000 };
  const connection = new Connection(route, SILENCE);
  onTestFinished(() => connection.destroy(new Error("the test is over")));
  const request = { origin: raw.url, method: "GET", path: "/", headers: { host: "x" } };
  const response = await connection.send(request, undefined, new Cancellation());
  expect(response.body.toString()).toBe("hello");
});
