import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { bypassesProxy, proxyFor } from "../../../src/http/proxies.js";
import { head, rawServer } from "../../support/raw-server.js";
import { storeWorld } from "../../support/store-world.js";

describe("proxyFor", () => {
  it.each([
    ["http://s3/", {}, undefined],
    ["http://s3/", { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["https://s3/", { HTTP_PROXY: "http://p:1" }, undefined],
    ["https://s3/", { HTTPS_PROXY: "p:1" }, "http://p:1"],
    ["https://s3/", { HTTPS_PROXY: "http://P", https_proxy: "http://p" }, "http://p"],
    ["https://s3/", { HTTPS_PROXY: "HTTPS://P:1/Path" }, "https://P:1/Path"],
    ["https://s3/", { ALL_PROXY: "http://p:1" }, "http://p:1"],
    ["https://s3/", { ALL_PROXY: "p:1" }, "http://p:1"],
    ["https://s3/", { ALL_PROXY: "socks5://p:1" }, undefined],
    ["https://s3/", { ALL_PROXY: "SOCKS5H://p:1" }, undefined],
    ["http://s3/", { all_proxy: "socks4a://p:1" }, undefined],
    ["https://s3/", { all_proxy: "socks://p:1", HTTPS_PROXY: "http://q" }, "http://q"],
    // Of these two nobody else is to read.
    ["https://s3/", { HTTPS_PROXY: "socks5://p:1" }, "socks5://p:1"],
    ["https://s3/", { HTTPS_PROXY: "http://p", NO_PROXY: "s3" }, undefined],
    ["https://s3/", { HTTPS_PROXY: "http://p", NO_PROXY: "s4" }, "http://p"],
    ["https://s3/", { HTTPS_PROXY: "" }, undefined],
    ["https://s3/", { HTTPS_PROXY: "p:1/?A://b" }, "http://p:1/?A://b"],
  ])("%s with %j is %s", (url, env, expected) => {
    expect(proxyFor(new URL(url), env as Record<string, string>)).toBe(expected);
  });

  it.each([
    ["https://a.example.com", "example.com", true],
    ["https://a.example.com", ".example.com", true],
    ["https://a.example.com", "*.example.com", true],
    ["https://aexample.com", "example.com", false],
    ["https://EXAMPLE.com", "Example.COM", true],
    ["https://a.b", "x, a.b ,y", true],
    ["https://a.b", "*", true],
    ["https://a.b", "a.b:443", true],
    ["https://a.b", "a.b:80", false],
    ["https://a.b", "a.b:443x", false],
    ["http://a.b:9000", "a.b:9000", true],
    ["http://127.0.0.1:9000", "127.0.0.1", true],
    ["http://[::1]:9000", "::1", true],
    ["http://[::1]:9000", "0:0:0:0:0:0:0:1", true],
    ["http://[::1]:9000", "::2", false],
    ["http://[fd00::a:10]", "fd00::a:10", true],
    ["http://[fd00::a]:10", "fd00::a:10", false],
    ["http://[::1]:9000", "[::1]:9000", true],
    ["https://a.b", "", false],
  ])("%s beside NO_PROXY=%s: %s", (url, noProxy, expected) => {
    expect(bypassesProxy(new URL(url), noProxy)).toBe(expected);
  });
});

describe("through a proxy", () => {
  it("a plain endpoint is asked for in absolute form", async () => {
    const proxy = await rawServer(
      (_, socket) =>
        void socket.write(`${head(206, { "content-length": 5, "content-range": "bytes 0-4/5" })}hello`),
    );
    const { store, folder } = await storeWorld(
      {},
      { endpointUrl: "http://s3.invalid:9000" },
      {
        http_proxy: proxy.url.replace("http://", "http://user:pass%40@"),
        AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
      },
    );
    await store.download({ bucket: "b", key: "k" }, { kind: "file", path: folder.at("f") }, {});
    expect(readFileSync(folder.at("f"), "utf8")).toBe("hello");
    expect(proxy.requests[0]).toMatchObject({
      method: "GET",
      target: "http://s3.invalid:9000/b/k",
      headers: {
        host: "s3.invalid:9000",
        "proxy-authorization": `Basic ${Buffer.from("user:pass@").toString("base64")}`,
      },
    });
  });

  it("an https endpoint is tunnelled to", async () => {
    const targets: string[] = [];
    const world = await storeWorld({ tls: true });
    const proxy = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (request) => {
        targets.push(request.toString().split(" ")[1] ?? "");
        const upstream = connect(world.server.port, "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on("error", () => socket.destroy());
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    world.server.put("b", "k", "hello");
    const store = world.open({}, { HTTPS_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    expect((await store.head({ bucket: "b", key: "k" })).size).toBe(5);
    expect(targets).toEqual([`127.0.0.1:${world.server.port}`]);
  });

  it.each([
    [407, 1, "the proxy answered CONNECT with 407"],
    [403, 1, "the proxy answered CONNECT with 403"],
    [429, 5, "the proxy answered CONNECT with 429"],
    [502, 5, "the proxy answered CONNECT with 502"],
    ["SSH-2.0-x", 5, "the proxy answered CONNECT with something that is no HTTP"],
    ["200 OK\r\n\r\nhello", 5, "the proxy answered CONNECT with bytes behind its own response"],
  ])("that answers CONNECT with %j is asked %i times", async (answer, tries, message) => {
    const proxy = await rawServer((_, socket) => {
      const isStatus = typeof answer === "number" || answer.startsWith("200");
      socket.end(isStatus ? `HTTP/1.1 ${answer} x\r\n\r\n` : `${answer}\r\n\r\n`);
    });
    const { open } = await storeWorld({ tls: true });
    await expect(
      open({}, { https_proxy: proxy.url }).remove({ bucket: "b", key: "k" }),
    ).rejects.toMatchObject({ id: "s3-unreachable", message: expect.stringContaining(message) });
    expect(proxy.requests).toHaveLength(tries);
  });

  it.each([
    ["user:pa%ss", "user:pa%ss"],
    ["user:pa%40ss", "user:pa@ss"],
    ["user:100%25%", "user:100%%"],
    ["user:%C3%A4%zz%FF", "user:\u00e4%zz%FF"],
    ["user", "user:"],
    [":pass", ":pass"],
  ])("is told who asks: %s", async (given, told) => {
    const proxy = await rawServer((_, socket) => void socket.end("HTTP/1.1 407 x\r\n\r\n"));
    const { open } = await storeWorld({ tls: true });
    const url = proxy.url.replace("//", `//${given}@`);
    await expect(open({}, { https_proxy: url }).remove({ bucket: "b", key: "k" })).rejects.toThrow("407");
    const authorization = `Basic ${Buffer.from(told).toString("base64")}`;
    expect(proxy.requests).toMatchObject([
      { method: "CONNECT", headers: { "proxy-authorization": authorization } },
    ]);
  });

  it("that is none, says so", async () => {
    const { open } = await storeWorld();
    await expect(
      open({}, { http_proxy: "socks5://x" }).remove({ bucket: "b", key: "k" }),
    ).rejects.toMatchObject({
      id: "proxy-unusable",
      exitCode: 252,
    });
    for (const http_proxy of ["http://", "shttp://x"])
      await expect(open({}, { http_proxy }).remove({ bucket: "b", key: "k" })).rejects.toMatchObject({
        id: "proxy-unusable",
      });
  });
});
