import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LIMITS, requestOnce } from "../../../src/credentials/request-once.js";
import { rawServer } from "../../support/raw-server.js";

const GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

async function ask(write: Parameters<typeof rawServer>[0], changes: Partial<typeof LIMITS> = {}) {
  const { url } = await rawServer(write);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const outcome = await requestOnce(socket, "GET / HTTP/1.1\r\n\r\n", { ...LIMITS, ...changes });
  if (!socket.destroyed) await once(socket, "close");
  return outcome;
}

describe("one exchange", () => {
  it("reads a response and closes", async () => {
    const { response, trouble } = await ask((_, socket) => socket.write(GOOD));
    expect(response?.body.toString()).toBe("hi");
    expect(trouble).toBeUndefined();
  });

  it("reads a body that ends with the connection", async () => {
    const { response, trouble } = await ask((_, socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nhi"));
    expect(response?.body.toString()).toBe("hi");
    expect(trouble).toBeUndefined();
  });

  it("tells silence also after a part of the headers", async () => {
    expect(await ask((_, socket) => socket.write(GOOD.slice(0, 9)), { headers: 60 })).toEqual({
      trouble: { reason: "silent" },
    });
  });

  it("tells silence", async () => {
    expect(await ask(() => undefined, { headers: 30 })).toEqual({ trouble: { reason: "silent" } });
  });

  it("tells a stalled body, with what came", async () => {
    const { response, trouble } = await ask((_, socket) => socket.write(GOOD.slice(0, -1)), { gap: 30 });
    expect(trouble?.reason).toBe("stalled");
    expect(response?.status).toBe(200);
  });

  it("ends a drip", async () => {
    const drip = await ask(
      (_, socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        const timer = setInterval(() => socket.write(" "), 5);
        socket.on("close", () => clearInterval(timer));
        onTestFinished(() => clearInterval(timer));
      },
      // Enough for the head to be read before, on a busy machine too.
      { attempt: 1000 },
    );
    expect(drip.trouble?.reason).toBe("stalled");
  });

  it("gives each of its parts a time of its own, however long they take together", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const socket = Object.assign(new EventEmitter(), { write: () => true, destroy: () => undefined });
    const limits = { ...LIMITS, connect: 1000, headers: 1000, gap: 1000, attempt: 60_000 };
    const outcome = requestOnce(socket as unknown as Socket, "", limits);
    const steps = [
      () => socket.emit("connect"),
      ...GOOD.match(/[\s\S]{1,12}/g)!.map((part) => () => socket.emit("data", Buffer.from(part))),
    ];
    for (const step of steps) {
      await vi.advanceTimersByTimeAsync(900 / (step === steps[0] ? 1 : 4));
      step();
    }
    const { response, trouble } = await outcome;
    expect(trouble).toBeUndefined();
    expect(response?.body.toString()).toBe("hi");
  });

  it("reads what is there when a time is over", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const socket = Object.assign(new EventEmitter(), { write: () => true, destroy: () => undefined });
    const outcome = requestOnce(socket as unknown as Socket, "", LIMITS);
    socket.emit("connect");
    // The time for the headers is over, and what is done about it has its turn.
    vi.advanceTimersToNextTimer();
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    socket.emit("data", Buffer.from(GOOD.slice(0, -1)));
    // Another time has begun; that of the body is over in its turn.
    vi.advanceTimersToNextTimer();
    socket.emit("data", Buffer.from(GOOD.slice(-1)));
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual({ response: expect.objectContaining({ status: 200 }) });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("minds nothing that comes after its end", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sent: string[] = [];
    let destroyed = 0;
    const socket = Object.assign(new EventEmitter(), {
      write: (text: string) => sent.push(text),
      destroy: () => ++destroyed,
    });
    const outcome = requestOnce(socket as unknown as Socket, "GET", LIMITS);
    await vi.advanceTimersByTimeAsync(LIMITS.connect + 1);
    socket.emit("connect");
    socket.emit("data", Buffer.from("nonsense"));
    socket.emit("error", new Error("late"));
    socket.emit("close");
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual({ trouble: { reason: "connect-timeout" } });
    expect({ sent, destroyed, timers: vi.getTimerCount() }).toEqual({ sent: [], destroyed: 1, timers: 0 });
  });

  it("tells a reset, an end and nonsense apart", async () => {
    expect((await ask((_, socket) => socket.resetAndDestroy())).trouble?.reason).toBe("reset");
    expect((await ask((_, socket) => socket.end())).trouble).toEqual({
      reason: "reset",
      detail: "no response at all",
    });
    expect((await ask((_, socket) => socket.end(GOOD.slice(0, -1)))).trouble?.reason).toBe("truncated");
    expect((await ask((_, socket) => socket.end("nonsense"))).trouble?.reason).toBe("malformed");
  });

  it("tells a connection that is closed without a word of why", async () => {
    const socket = Object.assign(new EventEmitter(), { write: () => true, destroy: () => undefined });
    const outcome = requestOnce(socket as unknown as Socket, "", LIMITS);
    socket.emit("connect");
    socket.emit("close");
    expect(await outcome).toEqual({ trouble: { reason: "reset" } });
  });

  it("tells a refused connection", async () => {
    const { url } = await rawServer(() => undefined);
    const port = Number(new URL(url).port);
    const outcome = await requestOnce(connect(port === 1 ? 2 : 1, "127.0.0.1"), "", LIMITS);
    expect(outcome.trouble?.reason).toBe("refused");
  });
});
