import * as net from "node:net";
import * as tls from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { ConnectTimeout, ProxyRefusal } from "../../../src/http/not-connected.js";
import { Opening } from "../../../src/http/open-socket.js";
import { Wire } from "../../../src/http/wire.js";
import { type BreakingWay, type Stage, startBreakingServer } from "../../support/breaking-server.js";
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
async function ask(
  origin: string,
  env: Readonly<Record<string, string>> = {},
  verifySsl = true,
  connectTimeoutMs = 0,
) {
  const wire = new Wire({ caBundle: undefined, verifySsl, connectTimeoutMs, readTimeoutMs: 0 }, env);
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

describe("a connection", () => {
  it("sends what it is given at once", async () => {
    const noDelay = vi.spyOn(net.Socket.prototype, "setNoDelay");
    onTestFinished(() => noDelay.mockRestore());
    const { url } = await rawServer((_, socket) => void socket.end("HTTP/1.1 200 x\r\n\r\n"));
    await ask(url);
    expect(noDelay.mock.calls).toEqual([[true]]);
  });

  it("is not made when it has been given up before", async () => {
    const { url } = await rawServer(() => undefined);
    const route = { origin: new URL(url), tls: undefined, proxy: undefined, connectTimeoutMs: 0 };
    const opening = new Opening(route);
    const reason = new Error("SIGINT");
    opening.fail(reason);
    await expect(opening.open(route, () => undefined)).rejects.toBe(reason);
  });

  it("has any limit that is more than none", () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const route = { origin: new URL("http://s3.test"), tls: undefined, proxy: undefined };
    for (const connectTimeoutMs of [0, 1]) {
      new Opening({ ...route, connectTimeoutMs });
      expect(vi.getTimerCount()).toBe(connectTimeoutMs);
    }
  });

  it.each<[BreakingWay, Stage, string]>([
    ["https", "TLS", "the connection to PLACE"],
    ["https by a proxy of https", "TLS with the proxy", "the connection to the proxy PLACE"],
    ["https by a proxy of http", "CONNECT", "the response of the proxy PLACE to CONNECT"],
    ["https by a proxy of http", "TLS", "TLS with PLACE through the proxy PLACE"],
  ])("that is not made in time, %s, says what was waited for: %s", async (way, stage, words) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await startBreakingServer(way, stage, "is silent");
    onTestFinished(() => server.close());
    const asked = ask(server.url, server.env, false, 60_000);
    await expect.poll(() => server.struck()).toBe(1);
    vi.advanceTimersByTime(60_000);
    const place = new URL(server.url).host;
    expect(await asked).toMatchObject({
      message: `no response within 60 s while waiting for ${words.replaceAll("PLACE", place)}`,
    });
  });

  it.each([
    ["closes", "the connection was closed while waiting for the response of the proxy PLACE to CONNECT"],
    ["resets", "read ECONNRESET"],
  ] as const)("says how it ended where a proxy %s it", async (how, words) => {
    const server = await startBreakingServer("https by a proxy of http", "CONNECT", how);
    onTestFinished(() => server.close());
    expect(await ask(server.url, server.env)).toMatchObject({
      message: words.replace("PLACE", new URL(server.url).host),
    });
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

  it.each([
    "HTTP/1.1 300 x\r\n\r\n",
    "HTTP/1.1 407 x\r\n\r\n",
    "HTTP/1.1 200 x\r\n\r\nmore",
    "HTTP/1.1 200 x\r\n\r\nm",
    "SSH-2.0\r\n",
  ])("is let go of when it answers %j", async (answer) => {
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
  });

  it("may answer in parts", async () => {
    const proxy = await rawServer((_, socket) => {
      socket.write("HTTP/1.1 4");
      setTimeout(() => socket.end("03 x\r\n\r\n"), 20);
    });
    expect(await ask("https://s3.test", { https_proxy: proxy.url })).toMatchObject({
      message: "the proxy answered CONNECT with 403",
    });
  });

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
