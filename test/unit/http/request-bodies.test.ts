import { createHash } from "node:crypto";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { isReset, NoResponse, Silence } from "../../../src/http/no-response.js";
import type { WireRequest } from "../../../src/http/request.js";
import { Wire } from "../../../src/http/wire.js";
import { TEST_TLS } from "../../support/certificate/certificate.js";
import { startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";

const DONE = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone";
const CHUNK = 256 * 1024;
const CHUNKS = 40;
const SIZE = CHUNK * CHUNKS;

/** A server whose every byte the test writes and reads itself; gone when the test is over. */
async function server(onConnection: (socket: Socket) => void, tls = false): Promise<string> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  };
  const made: Server = tls ? createTlsServer(TEST_TLS, accept) : createTcpServer(accept);
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => made.close(resolve));
  });
  return `${tls ? "https" : "http"}://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

function wireTo(env: Record<string, string> = {}): Wire {
  const wire = new Wire(
    { caBundle: undefined, verifySsl: false, connectTimeoutMs: 10_000, readTimeoutMs: 0 },
    env,
  );
  onTestFinished(() => wire.destroy());
  return wire;
}

/** A body in one buffer that is written over for each chunk; knows what of it was asked for, and whether it was let go. */
function streamed(chunks = CHUNKS) {
  const buffer = Buffer.alloc(CHUNK);
  const seen = { asked: 0, ended: false };
  function* body(): Generator<Uint8Array> {
    try {
      for (let index = 0; index < chunks; index++) {
        seen.asked++;
        yield buffer.fill(index + 1);
      }
    } finally {
      seen.ended = true;
    }
  }
  return { body: body(), seen };
}

const put = (origin: string, more: Partial<WireRequest>): WireRequest => ({
  ...{ origin, method: "PUT", path: "/b/k" },
  headers: { host: new URL(origin).host, "content-length": String(SIZE) },
  ...more,
});

/** Takes one request, a little at a time, and answers with the SHA-256 of its body. */
function responsesWithHash(socket: Socket): void {
  const hash = createHash("sha256");
  let head = "";
  let left = SIZE;
  socket.on("data", (bytes: Buffer) => {
    let body = bytes;
    if (!head.includes("\r\n\r\n")) {
      head += bytes.toString("latin1");
      body = Buffer.from(head.slice(head.indexOf("\r\n\r\n") + 4), "latin1");
      if (!head.includes("\r\n\r\n")) return;
      if (!head.startsWith("PUT /b/k HTTP/1.1\r\n")) return void socket.destroy();
      // Passed over while the body is still being sent.
      socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    hash.update(body);
    left -= body.length;
    // A reader that is slower than the sender.
    socket.pause();
    setImmediate(() => socket.resume());
    if (left === 0) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 64\r\n\r\n${hash.digest("hex")}`);
  });
}

const EXPECTED = Array.from({ length: CHUNKS })
  .reduce<ReturnType<typeof createHash>>(
    (hash, _, index) => hash.update(Buffer.alloc(CHUNK, index + 1)),
    createHash("sha256"),
  )
  .digest("hex");

describe("a body that is streamed", () => {
  it.each([
    { way: "http", tls: false, proxy: undefined },
    { way: "https", tls: true, proxy: undefined },
    { way: "http, by a proxy of http", tls: false, proxy: "http" },
    { way: "http, by a proxy of https", tls: false, proxy: "https" },
    { way: "https, by a proxy of http", tls: true, proxy: "http" },
    { way: "https, by a proxy of https", tls: true, proxy: "https" },
  ])("arrives as it is read: $way", async ({ tls, proxy }) => {
    const origin = await server(responsesWithHash, tls);
    const env: Record<string, string> = {};
    if (proxy !== undefined) {
      const forward = await startConnectProxy(proxy === "https");
      onTestFinished(() => forward.close());
      env.all_proxy = forward.url;
    }
    const { body, seen } = streamed();
    const answer = await wireTo(env).send(put(origin, { body }), undefined, new Cancellation());
    expect(answer.body.toString()).toBe(EXPECTED);
    expect(seen).toEqual({ asked: CHUNKS, ended: true });
  });

  it("is not sent to its end when it is answered before, and the connection is not used again", async () => {
    let connections = 0;
    const origin = await server((socket) => {
      connections++;
      socket.once("data", () => {
        // What comes behind is not read.
        socket.pause();
        socket.write(DONE);
      });
    });
    const wire = wireTo();
    const { body, seen } = streamed(100_000);
    const answer = await wire.send(put(origin, { body }), undefined, new Cancellation());
    expect(answer.body.toString()).toBe("done");
    // At once: what is idle for some seconds is closed by itself.
    const get = { method: "GET", headers: { host: "x" } };
    expect((await wire.send(put(origin, get), undefined, new Cancellation())).status).toBe(200);
    expect(connections).toBe(2);
    await expect.poll(() => seen.ended).toBe(true);
    expect(seen.asked).toBeLessThan(100_000);
  });

  it("that cannot be read ends the request, and what was sent is not taken for all of it", async () => {
    const closed: boolean[] = [];
    const origin = await server((socket) => {
      socket.resume();
      socket.once("close", () => closed.push(true));
    });
    function* body(): Generator<Uint8Array> {
      yield Buffer.alloc(10);
      throw new Error("the disk is gone");
    }
    const sent = wireTo().send(put(origin, { body: body() }), undefined, new Cancellation());
    await expect(sent).rejects.toMatchObject({ message: "the disk is gone", begun: false });
    await expect.poll(() => closed).toEqual([true]);
  });

  it("ends at the cancellation", async () => {
    const origin = await server((socket) => void socket.once("data", () => socket.pause()));
    const cancellation = new Cancellation();
    const { body, seen } = streamed(100_000);
    const sent = wireTo().send(put(origin, { body }), undefined, cancellation);
    await expect.poll(() => seen.asked).toBeGreaterThan(0);
    const reason = new Error("SIGINT");
    cancellation.cancel(reason);
    await expect(sent).rejects.toBe(reason);
    await expect.poll(() => seen.ended).toBe(true);
  });

  it("is a reset when the server breaks it off", async () => {
    const origin = await server((socket) => void socket.once("data", () => socket.resetAndDestroy()));
    const { body, seen } = streamed(100_000);
    const error = await wireTo()
      .send(put(origin, { body }), undefined, new Cancellation())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoResponse);
    expect(isReset(error)).toBe(true);
    await expect.poll(() => seen.ended).toBe(true);
    expect(seen.asked).toBeLessThan(100_000);
  });

  it("is given up when the server takes no more of it for as long as the request allows", async () => {
    const origin = await server((socket) => void socket.once("data", () => socket.pause()));
    const { body, seen } = streamed(100_000);
    const sent = wireTo().send(put(origin, { body, silenceMs: 300 }), undefined, new Cancellation());
    await expect(sent).rejects.toMatchObject({ cause: expect.any(Silence) });
    await expect.poll(() => seen.ended).toBe(true);
  });
});

describe("a request that a kept connection is closed under", () => {
  /** Answers the first request of each connection, and closes it under the second. */
  async function closing() {
    const requests: string[] = [];
    const origin = await server((socket) => {
      let first = true;
      socket.on("data", (bytes: Buffer) => {
        requests.push(bytes.toString("latin1").split(" ")[0] ?? "");
        if (first) socket.write(DONE);
        else socket.destroy();
        first = false;
      });
    });
    const wire = wireTo();
    const send = (more: Partial<WireRequest>) =>
      wire.send(
        put(origin, { headers: { host: "x", "content-length": "0" }, ...more }),
        undefined,
        new Cancellation(),
      );
    await send({ method: "GET" });
    return { send, requests };
  }

  it("is sent again at once when it may be sent twice", async () => {
    const { send, requests } = await closing();
    expect((await send({ method: "GET", isRepeatable: true })).status).toBe(200);
    expect(requests).toEqual(["GET", "GET", "GET"]);
  });

  it("is not when its body was streamed, which has been read by then", async () => {
    const { send, requests } = await closing();
    const { body } = streamed(1);
    await expect(send({ isRepeatable: true, body })).rejects.toThrow(NoResponse);
    expect(requests.slice(0, 2)).toEqual(["GET", "PUT"]);
    expect(requests.filter((method) => method === "PUT")).toHaveLength(1);
  });

  it("is not when it may not", async () => {
    const { send, requests } = await closing();
    await expect(send({ method: "POST", isRepeatable: false })).rejects.toThrow(NoResponse);
    expect(requests).toEqual(["GET", "POST"]);
  });
});
