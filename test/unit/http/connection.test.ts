import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connection } from "../../../src/http/connection.js";
import type { WireRequest } from "../../../src/http/request.js";
import type { Sink } from "../../../src/http/response.js";
import { head, rawServer } from "../../support/raw-server.js";

const HELLO = `${head(200, { "content-length": 5 })}hello`;

/** A connection to a server that answers with these bytes, and what it was told of its use. */
async function connected(answer: string) {
  const sockets: Socket[] = [];
  const raw = await rawServer((_, socket) => {
    sockets.push(socket);
    socket.write(answer);
  });
  const origin = new URL(raw.url);
  const route = { origin, tls: undefined, proxy: undefined, connectTimeoutMs: 10_000 };
  // No limit: what is closed here is closed for what came.
  const connection = new Connection(route, 0);
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
      new Cancellation(),
    );
  return { raw, send, usable, gone, sockets };
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

  it("passes over a body behind the response to HEAD, but not another response", async () => {
    const { send } = await connected(`${head(200, { "content-length": 5 })}HTTP/1.1 200 OK\r\n`);
    await expect(send({ method: "HEAD" })).rejects.toThrow("the server sent more than the response");
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

  it("is closed when bytes come that nobody asked for", async () => {
    const { send, usable, gone, sockets } = await connected(HELLO);
    await send();
    sockets[0]?.write(HELLO);
    await gone;
    expect(usable).toEqual([true, false]);
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
