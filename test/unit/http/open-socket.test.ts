import * as net from "node:net";
import * as tls from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { ConnectTimeout, ProxyRefusal } from "../../../src/http/not-connected.js";
import { Wire } from "../../../src/http/wire.js";
import { rawServer } from "../../support/raw-server.js";

vi.mock("node:net", async (original) => {
  const real = await original<typeof net>();
  return { ...real, connect: vi.fn(real.connect) };
});
vi.mock("node:tls", async (original) => {
  const real = await original<typeof tls>();
  return { ...real, connect: vi.fn(real.connect) };
});

/** Sends a request, and waits for what comes of it. */
async function ask(origin: string, env: Record<string, string> = {}, verifySsl = true) {
  const wire = new Wire({ caBundle: undefined, verifySsl, connectTimeoutMs: 0, readTimeoutMs: 0 }, env);
  onTestFinished(() => wire.destroy());
  const request = { origin, method: "GET", path: "/", headers: { host: new URL(origin).host } };
  return wire.send(request, undefined, new Cancellation()).catch((error: Error) => error);
}

/** What is connected to, without doing so. */
async function connectedTo(origin: string, verifySsl?: boolean) {
  const nowhere = () => new net.Socket().destroy(new Error("nowhere"));
  vi.mocked(net.connect).mockClear().mockImplementationOnce(nowhere);
  vi.mocked(tls.connect)
    .mockClear()
    .mockImplementationOnce(nowhere as never);
  expect(await ask(origin, {}, verifySsl)).toMatchObject({ message: "nowhere", begun: false });
  const [[given] = []] = [...vi.mocked(net.connect).mock.calls, ...vi.mocked(tls.connect).mock.calls];
  const { onread: _, ...options } = given as unknown as Record<string, unknown>;
  vi.mocked(net.connect).mockReset();
  vi.mocked(tls.connect).mockReset();
  return options;
}

describe("a connection is made", () => {
  it.each([
    ["http://s3.test", { host: "s3.test", port: 80 }],
    ["http://s3.test:9000", { host: "s3.test", port: 9000 }],
    ["http://[::1]", { host: "::1", port: 80 }],
  ])("to the host and port of %s, plain", async (origin, expected) => {
    expect(await connectedTo(origin)).toEqual(expected);
  });

  it.each([
    ["https://s3.test", { host: "s3.test", port: 443, servername: "s3.test" }],
    ["https://s3.test:9000", { host: "s3.test", port: 9000, servername: "s3.test" }],
    ["https://127.0.0.1", { host: "127.0.0.1", port: 443 }],
    ["https://[::1]:9000", { host: "::1", port: 9000 }],
  ])("to those of %s in TLS, with the name where it is one", async (origin, expected) => {
    const secure = { secureContext: expect.anything(), ALPNProtocols: ["http/1.1"] };
    expect(await connectedTo(origin)).toEqual({ ...expected, ...secure, rejectUnauthorized: true });
    expect(await connectedTo(origin, false)).toEqual({ ...expected, ...secure, rejectUnauthorized: false });
  });
});

describe("a proxy that is asked to CONNECT", () => {
  it.each([
    ["https://s3.test", "s3.test:443"],
    ["https://s3.test:9000", "s3.test:9000"],
    ["https://[::1]", "[::1]:443"],
  ])("for %s is asked for %s", async (origin, target) => {
    const proxy = await rawServer((_, socket) => void socket.end("HTTP/1.1 403 x\r\n\r\n"));
    await ask(origin, { https_proxy: proxy.url });
    expect(proxy.requests).toMatchObject([{ method: "CONNECT", target, headers: { host: target } }]);
  });

  it.each(["HTTP/1.1 300 x\r\n\r\n", "HTTP/1.1 407 x\r\n\r\n", "HTTP/1.1 200 x\r\n\r\nmore", "SSH-2.0\r\n"])(
    "is let go of when it answers %j",
    async (answer) => {
      const closed: boolean[] = [];
      const proxy = await rawServer((_, socket) => {
        socket.once("close", () => closed.push(true));
        socket.write(answer);
      });
      expect(await ask("https://s3.test", { https_proxy: proxy.url })).toMatchObject({
        message: expect.stringMatching(/^the proxy answered CONNECT with /),
        begun: false,
      });
      await expect.poll(() => closed).toEqual([true]);
    },
  );

  it.each([
    [300, "ERR_PROXY_REFUSED"],
    [403, "ERR_PROXY_REFUSED"],
    [407, "ERR_PROXY_REFUSED"],
    [408, "ERR_PROXY_BUSY"],
    [429, "ERR_PROXY_BUSY"],
    [499, "ERR_PROXY_REFUSED"],
    [500, "ERR_PROXY_BUSY"],
    ["with something that is no HTTP", "ERR_PROXY_BUSY"],
  ])("and answers %s: that is %s", (response, code) => {
    expect(new ProxyRefusal(response).code).toBe(code);
  });

  it("in vain is told with the limit, in seconds", () => {
    expect(new ConnectTimeout("the connection to s3.test", 2500).message).toBe(
      "no response within 2.5 s while waiting for the connection to s3.test",
    );
  });
});
