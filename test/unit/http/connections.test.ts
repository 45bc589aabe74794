import * as net from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Connections } from "../../../src/http/connections.js";
import type { WireRequest } from "../../../src/http/request.js";
import type { Sink } from "../../../src/http/response.js";
import { head, rawServer } from "../../support/raw-server.js";

vi.mock("node:net", async (original) => {
  const real = await original<typeof net>();
  return { ...real, connect: vi.fn(real.connect) };
});

/** Our side of the connections that are made from now on. */
function ours(): () => net.Socket[] {
  const { mock } = vi.mocked(net.connect).mockClear();
  return () => mock.results.map(({ value }) => value as net.Socket);
}

const HELLO = `${head(200, { "content-length": 5 })}hello`;

async function served(answer: (socket: net.Socket, index: number) => void, silenceMs = 0) {
  const sockets: net.Socket[] = [];
  const raw = await rawServer((_, socket, index) => {
    sockets.push(socket);
    answer(socket, index);
  });
  const origin = new URL(raw.url);
  const connections = new Connections(
    { origin, tls: undefined, proxy: undefined, connectTimeoutMs: 0 },
    silenceMs,
  );
  onTestFinished(() => connections.destroy());
  const send = (more: Partial<WireRequest> = {}, sink?: Sink, cancellation = new Cancellation()) =>
    connections.send(
      { origin: raw.url, method: "GET", path: "/", headers: { host: "x" }, ...more },
      sink,
      cancellation,
    );
  const used = () => new Set(sockets).size;
  return { connections, send, sockets, used, requests: raw.requests };
}

describe("a request that may be repeated, on a connection that was kept", () => {
  const repeatable = { isRepeatable: true };
  const sink: Sink = { onResponse: () => undefined, onChunk: () => undefined };

  /** The second request comes to this; all others are answered. */
  async function second(how: (socket: net.Socket) => void, silenceMs = 0) {
    const world = await served((socket, index) => {
      if (index === 1) how(socket);
      else socket.write(HELLO);
    }, silenceMs);
    await world.send();
    return world;
  }

  it.each([undefined, Buffer.from("x")])(
    "is sent again when the connection is closed under it, with a body in memory too: %o",
    async (body) => {
      const { send, requests, used } = await second((socket) => socket.destroy());
      expect((await send({ ...repeatable, body })).status).toBe(200);
      expect({ requests: requests.length, used: used() }).toEqual({ requests: 3, used: 2 });
    },
  );

  it.each<[string, (socket: net.Socket) => void, string]>([
    ["what comes is not HTTP", (socket) => void socket.write("SSH-2.0\r\n"), "not valid HTTP"],
    [
      "a response begins and breaks off",
      (socket) => void socket.end(HELLO.slice(0, -1)),
      "the server closed the connection",
    ],
    ["the server is silent", () => undefined, "fell silent"],
  ])("is not when %s", async (_what, how, words) => {
    const { send, requests } = await second(how);
    await expect(send({ ...repeatable, silenceMs: words === "fell silent" ? 60 : 0 }, sink)).rejects.toThrow(
      words,
    );
    expect(requests).toHaveLength(2);
  });

  it("is not when the response is refused by what takes it", async () => {
    const refusal = new Error("another object");
    const refusing: Sink = {
      ...sink,
      onResponse: () => {
        throw refusal;
      },
    };
    const { send, requests } = await second((socket) => void socket.write(HELLO));
    await expect(send(repeatable, refusing)).rejects.toBe(refusal);
    expect(requests).toHaveLength(2);
  });

  it("is not when it was canceled", async () => {
    const cancellation = new Cancellation();
    const reason = new Error("SIGINT");
    const { send, requests } = await second(() => cancellation.cancel(reason));
    await expect(send(repeatable, sink, cancellation)).rejects.toBe(reason);
    expect(requests).toHaveLength(2);
  });
});

describe("the connections to an origin", () => {
  it("are each for one request at a time, those opened ahead too", async () => {
    const waiting: net.Socket[] = [];
    const { send, used } = await served((socket) => void waiting.push(socket));
    const answerAll = () => {
      for (const socket of waiting.splice(0)) socket.write(HELLO);
    };
    const first = send({ connections: 3 });
    await expect.poll(() => waiting).toHaveLength(1);
    answerAll();
    await first;
    const sent = Array.from({ length: 4 }, () => send());
    await expect.poll(() => waiting).toHaveLength(4);
    expect(used()).toBe(4);
    answerAll();
    for (const { body } of await Promise.all(sent)) expect(body.toString()).toBe("hello");
  });

  it("are looked at once more before what changes something goes over one that was kept", async () => {
    const { send, sockets, used } = await served((socket) => void socket.write(HELLO));
    await send();
    // It has arrived, and has not been read.
    sockets[0]?.write(head(200, { "content-length": 0 }));
    expect((await send({ method: "PUT" })).body.toString()).toBe("hello");
    expect(used()).toBe(2);
  });

  it("are not for a request that is to be alone on its own", async () => {
    const { send, used } = await served((socket, index) => {
      if (index === 1) socket.end(HELLO);
      else socket.write(HELLO);
    });
    await send();
    await send({ isAlone: true });
    expect(used()).toBe(2);
    await send();
    expect(used()).toBe(2);
  });

  it("are not counted any more when they are closed: as many are opened ahead as are wanted", async () => {
    const { send } = await served((socket, index) => {
      socket.write(index === 0 ? HELLO.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n") : HELLO);
    });
    const made = ours();
    const sent = send();
    const [first] = made();
    const closed = new Promise<void>((resolve) => first?.once("close", () => resolve()));
    await Promise.all([sent, closed]);
    await send({ connections: 3 });
    expect(made()).toHaveLength(1 + 3);
    // What was opened ahead once is not again.
    const all = made().filter(({ destroyed }) => !destroyed);
    const gone = all.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    for (const socket of all) socket.destroy();
    await Promise.all(gone);
    await send({ connections: 3 });
    expect(made()).toHaveLength(1 + 3 + 1);
  });

  it("are all closed at the end, and what is under way fails", async () => {
    const { connections, send, sockets } = await served((socket, index) => {
      if (index === 0) socket.write(HELLO);
    });
    await send();
    const sent = [send(), send()];
    await expect.poll(() => sockets).toHaveLength(3);
    connections.destroy();
    for (const outcome of await Promise.allSettled(sent))
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "closed", begun: false } });
    await expect.poll(() => sockets.every(({ closed }) => closed)).toBe(true);
  });
});

describe("a third of the connections is given up", () => {
  it.each([
    [3, "ECONNRESET", 2],
    [4, "ECONNREFUSED", 2],
    [4, "EMFILE", 2],
    [4, "ENFILE", 2],
    [4, "EPERM", 4],
  ])("of %i when another one fails with %s: %i are left", async (count, code, left) => {
    const { send, sockets } = await served(() => undefined);
    const made = ours();
    const sent = Array.from({ length: count }, () => send());
    await expect.poll(() => sockets).toHaveLength(count);
    vi.mocked(net.connect).mockImplementationOnce(() =>
      new net.Socket().destroy(Object.assign(new Error(`connect ${code}`), { code })),
    );
    await expect(send()).rejects.toMatchObject({ cause: { code } });
    for (const socket of sockets) socket.write(HELLO);
    await Promise.all(sent);
    expect(made().filter(({ destroyed }) => !destroyed)).toHaveLength(left);
  });
});
