import { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connection } from "../../../src/http/connection.js";
import type { WireRequest } from "../../../src/http/request.js";
import type { Sink } from "../../../src/http/response.js";
import { Counting } from "../../support/counting-cancellation.js";
import { head, rawServer } from "../../support/raw-server.js";

const HELLO = `${head(200, { "content-length": 5 })}hello`;

type Answer = string | ((socket: Socket, index: number) => void);

/**
 * A connection to a server that answers with these bytes, and what it was told of its use.
 *
 * @param silenceMs 0: what is closed is closed for what came
 */
async function connected(answer: Answer, silenceMs = 0) {
  const sockets: Socket[] = [];
  const raw = await rawServer((_, socket, index) => {
    sockets.push(socket);
    if (typeof answer === "string") socket.write(answer);
    else answer(socket, index);
  });
  const origin = new URL(raw.url);
  const route = { origin, tls: undefined, proxy: undefined, connectTimeoutMs: 10_000 };
  const connection = new Connection(route, silenceMs);
  const cancellation = new Counting();
  onTestFinished(() => connection.destroy(new Error("the test is over")));
  const usable: boolean[] = [];
  const gone = new Promise<void>((resolve) => {
    connection.onIdle = (isUsable) => {
      usable.push(isUsable);
      if (!isUsable) resolve();
    };
  });
  const send = (more: Partial<WireRequest> = {}, sink?: Sink) =>
    connection.send(
      { origin: raw.url, method: "GET", path: "/", headers: { host: "x" }, ...more },
      sink,
      cancellation,
    );
  return { raw, send, usable, gone, sockets, cancellation };
}

/** Has no timer run but when the test says so: what must happen at once does not happen by one. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

describe("a connection", () => {
  it("may be used again after a response that is whole", async () => {
    const { send, usable, raw } = await connected(HELLO);
    for (let round = 1; round <= 2; round++) {
      expect((await send()).body.toString()).toBe("hello");
      expect(usable).toEqual(Array(round).fill(true));
    }
    expect(raw.requests).toHaveLength(2);
  });

  it("is not trusted any more when something follows the response to HEAD", async () => {
    const { send, usable, gone } = await connected(HELLO);
    await send({ method: "HEAD" });
    await gone;
    expect(usable).toEqual([false]);
  });

  it("passes over such a body in a later packet, too, where the server is to close the connection", async () => {
    const raw = await rawServer((_, socket) => {
      socket.write(head(404, { "content-length": 5 }));
      setTimeout(() => socket.end("a page"), 20);
    });
    const route = { origin: new URL(raw.url), tls: undefined, proxy: undefined, connectTimeoutMs: 10_000 };
    const request = { origin: raw.url, method: "HEAD", path: "/", headers: { host: "x" }, isAlone: true };
    const response = await new Connection(route, 0).send(request, undefined, new Cancellation());
    expect(response.status).toBe(404);
  });

  it.each(["H", "HTTP/1.1 200 OK\r\n"])(
    "passes over a body behind the response to HEAD, but not what begins another response: %j",
    async (more) => {
      const { send } = await connected(`${head(200, { "content-length": 5 })}${more}`);
      await expect(send({ method: "HEAD" })).rejects.toThrow("the server sent more than the response");
    },
  );

  it("may be used again after the response to HEAD", async () => {
    const { send, usable } = await connected(head(200, { "content-length": 5 }));
    await send({ method: "HEAD" });
    expect(usable).toEqual([true]);
  });

  it("is not used again after a body that its end has ended", async () => {
    const { send, usable, gone } = await connected((socket) => void socket.end(`${head(200, {})}hello`));
    expect((await send()).body.toString()).toBe("hello");
    await gone;
    expect(usable).toEqual([false]);
  });

  it("says when a request goes out over it", async () => {
    const { send } = await connected(HELLO);
    const onStart = vi.fn();
    const sent = send({ onStart });
    expect(onStart).not.toHaveBeenCalled();
    await sent;
    expect(onStart).toHaveBeenCalledTimes(1);
  });

  it.each([HELLO, "HTTP/1.1 200 OK\r\n", "more", "\r\nmore"])(
    "takes nothing of a response that %j follows",
    async (more) => {
      const { send, usable, gone } = await connected(`${HELLO}${more}`);
      const taken: string[] = [];
      const sink: Sink = {
        onResponse: () => taken.push("head"),
        onChunk: () => {
          taken.push("chunk");
          return undefined;
        },
      };
      await expect(send({}, sink)).rejects.toThrow("the server sent more than the response");
      await gone;
      expect({ taken, usable }).toEqual({ taken: [], usable: [false] });
    },
  );

  it.each(["HTTP/1.1 200 OK\r\n", "more"])("keeps nothing of a response that %j follows", async (more) => {
    const plain = await connected(`${HELLO}${more}`);
    await expect(plain.send()).rejects.toThrow("the server sent more than the response");
    const chunked = await connected(
      `${head(200, { "transfer-encoding": "chunked" })}5\r\nhello\r\n0\r\n\r\n${more}`,
    );
    await expect(chunked.send()).rejects.toThrow("the server sent more than the response");
  });

  it.each(["100 Continue", "102 Processing", "103 Early Hints\r\nlink: </a>"])(
    "passes over %s",
    async (interim) => {
      const once = `HTTP/1.1 ${interim}\r\n\r\n`;
      for (const times of [1, 50]) {
        const { send, usable } = await connected(`${once.repeat(times)}${HELLO}`);
        expect(await send()).toMatchObject({ status: 200 });
        expect(usable).toEqual([true]);
      }
      const { send } = await connected(`${once.repeat(101)}${HELLO}`);
      await expect(send()).rejects.toThrow("interim responses without end");
    },
  );

  it("does not change the protocol", async () => {
    const { send } = await connected(`HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n${HELLO}`);
    await expect(send()).rejects.toThrow("the response is not valid HTTP: a protocol that was not asked for");
  });

  it.each([HELLO, "more"])("is closed when bytes come that nobody asked for: %j", async (more) => {
    fakeTimers();
    const { send, usable, gone, sockets } = await connected(HELLO);
    await send();
    sockets[0]?.write(more);
    await gone;
    expect(usable).toEqual([true, false]);
  });

  it("may be used again after a body that was streamed and has been sent", async () => {
    const { send, usable } = await connected(HELLO);
    await send({ method: "PUT", body: [Buffer.from("a"), Buffer.from("b")] });
    expect(usable).toEqual([true]);
  });

  it("fails with what the sink refuses a response for, and is closed", async () => {
    const { send, usable, gone, cancellation } = await connected(HELLO);
    const refusal = new Error("another object");
    const sink: Sink = {
      onResponse: () => {
        throw refusal;
      },
      onChunk: () => undefined,
    };
    await expect(send({}, sink)).rejects.toBe(refusal);
    await gone;
    expect({ usable, listening: cancellation.listening }).toEqual({ usable: [false], listening: 0 });
  });

  it.each([
    ["of its own", 60, {}],
    ["of the request", 0, { silenceMs: 60 }],
    ["of the request, in place of its own", 600_000, { silenceMs: 60 }],
  ])("gives a silent server up by the limit %s", async (_whose, ownMs, more) => {
    const { send, gone, cancellation } = await connected(() => undefined, ownMs);
    await expect(send(more)).rejects.toMatchObject({
      message: "the server fell silent for 0.06 s",
      cause: { code: "ERR_SILENT" },
      begun: false,
    });
    await gone;
    expect(cancellation.listening).toBe(0);
  });

  it("has no limit while what takes the body is busy, and then its own again", async () => {
    const setTimeout = vi.spyOn(Socket.prototype, "setTimeout");
    onTestFinished(() => setTimeout.mockRestore());
    const { send, cancellation } = await connected(`${head(200, { "content-length": 9 })}hello`, 600_000);
    const sink: Sink = { onResponse: () => undefined, onChunk: async () => undefined };
    const sent = send({}, sink);
    await expect.poll(() => setTimeout.mock.calls.map(([ms]) => ms)).toEqual([600_000, 0, 600_000]);
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it.each([
    { headers: { host: "x", "x-amz-meta-a": "a\r\nx-evil: 1" } },
    { headers: { host: "x", "x-amz-meta-a": "a\nb" } },
    { headers: { host: "x", "x-amz-meta-a": "a\0" } },
    { headers: { host: "x", "x\r\ny": "a" } },
    { path: "/a b" },
    { path: "/a\r\nx-evil: 1" },
    { path: "/\u010a" },
    { method: "GET / HTTP/1.1\r\nx:" },
  ])("writes no second request into %j", async (more) => {
    const { send, raw } = await connected(HELLO);
    await expect((async () => send(more))()).rejects.toThrow("a request that cannot be sent");
    expect(raw.requests).toEqual([]);
  });
});

describe("a connection's timers and listeners", () => {
  it("end when it is connected, and when it is closed", async () => {
    fakeTimers();
    const { send, sockets, gone, cancellation } = await connected(HELLO);
    expect(vi.getTimerCount(), "the limit for connecting").toBe(1);
    await send();
    expect(vi.getTimerCount(), "the limit for being idle").toBe(1);
    expect(cancellation.listening).toBe(0);
    sockets[0]?.end();
    await gone;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are none where connecting has no limit", async () => {
    fakeTimers();
    const { url } = await rawServer(() => undefined);
    const route = { origin: new URL(url), tls: undefined, proxy: undefined, connectTimeoutMs: 0 };
    const connection = new Connection(route, 0);
    expect(vi.getTimerCount()).toBe(0);
    connection.destroy(new Error("the test is over"));
  });

  it("do not end a request that takes longer than a connection may be idle", async () => {
    fakeTimers();
    const { send, sockets, raw } = await connected(
      (socket, index) => void (index === 0 && socket.write(HELLO)),
    );
    await send();
    const sent = send();
    await expect.poll(() => raw.requests).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    sockets[0]?.write(HELLO);
    expect((await sent).body.toString()).toBe("hello");
  });
});

describe("a request that is to be the only one on its connection", () => {
  const ALONE = { isAlone: true };
  it("is answered when the server has closed the connection", async () => {
    fakeTimers();
    const { send, usable, cancellation } = await connected((socket) => void socket.end(HELLO));
    expect((await send(ALONE)).body.toString()).toBe("hello");
    expect({ usable, timers: vi.getTimerCount(), listening: cancellation.listening }).toEqual({
      usable: [false],
      timers: 0,
      listening: 0,
    });
  });

  it("is answered after a second where the server does not close it", async () => {
    fakeTimers();
    const { send, gone, cancellation, raw } = await connected(HELLO);
    const sent = send(ALONE);
    await expect.poll(() => raw.requests).toHaveLength(1);
    // The limit for connecting has ended by now: this one begins when the response has been read.
    await expect.poll(() => vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect((await sent).body.toString()).toBe("hello");
    await gone;
    expect(cancellation.listening).toBe(0);
  });

  it("can be canceled until then", async () => {
    fakeTimers();
    const { send, gone, cancellation, raw } = await connected(HELLO);
    const sent = send(ALONE);
    await expect.poll(() => raw.requests).toHaveLength(1);
    await expect.poll(() => vi.getTimerCount()).toBe(1);
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    await expect(sent).rejects.toBe(reason);
    await gone;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(["GET", "HEAD"])("is not where another response follows later: %s", async (method) => {
    const answer = head(200, { "content-length": 0 });
    const { send, cancellation } = await connected((socket) => {
      socket.write(answer);
      setTimeout(() => socket.write(answer), 20);
    });
    await expect(send({ ...ALONE, method })).rejects.toMatchObject({
      message: "the server sent more than the response",
      begun: false,
    });
    expect(cancellation.listening).toBe(0);
  });

  it("waits for no close where a sink has the response already, or its body was not sent to its end", async () => {
    fakeTimers();
    const { send, cancellation } = await connected(HELLO);
    const sink: Sink = { onResponse: () => undefined, onChunk: () => undefined };
    expect((await send(ALONE, sink)).status).toBe(200);
    function* endless() {
      for (;;) yield Buffer.alloc(1024, "x");
    }
    const other = await connected(HELLO);
    expect((await other.send({ ...ALONE, method: "PUT", body: endless() })).status).toBe(200);
    expect([cancellation.listening, other.cancellation.listening]).toEqual([0, 0]);
  });
});
