import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connections } from "../../../src/http/connections.js";
import { head, rawServer } from "../../support/raw-server.js";

/** Sends requests, each so long after the response to the one before. @returns how many connections they took */
async function connectionsFor(...idleMs: readonly number[]): Promise<number> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const sockets = new Set<unknown>();
  const { url } = await rawServer((_, socket) => {
    sockets.add(socket);
    socket.write(`${head(200, { "content-length": 2 })}ok`);
  });
  const connections = new Connections(
    { origin: new URL(url), tls: undefined, proxy: undefined, connectTimeoutMs: 0 },
    0,
  );
  onTestFinished(() => connections.destroy());
  const send = () =>
    connections.send(
      { origin: url, method: "GET", path: "/", headers: { host: "x" } },
      undefined,
      new Cancellation(),
    );
  await send();
  for (const ms of idleMs) {
    vi.advanceTimersByTime(ms);
    await send();
  }
  return sockets.size;
}

describe("a connection that has been idle", () => {
  it("is used again", async () => {
    expect(await connectionsFor(3_900, 3_900, 3_900)).toBe(1);
  });

  it("is not used again after four seconds: the server may be about to close it", async () => {
    expect(await connectionsFor(4_000)).toBe(2);
  });
});
