import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { bypassesProxy, proxyFor } from "../../../../src/s3/wire/proxies.js";
import { head, rawServer } from "../../../support/raw-server.js";
import { storeWorld } from "../../../support/store-world.js";

describe("proxyFor", () => {
  it.each([
    ["http://s3/", {}, undefined],
    ["http://s3/", { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["https://s3/", { HTTP_PROXY: "http://p:1" }, undefined],
    ["https://s3/", { HTTPS_PROXY: "p:1" }, "http://p:1"],
    ["https://s3/", { HTTPS_PROXY: "http://P", https_proxy: "http://p" }, "http://p"],
    ["https://s3/", { HTTPS_PROXY: "HTTPS://P:1/Path" }, "https://P:1/Path"],
    ["https://s3/", { ALL_PROXY: "http://p:1" }, "http://p:1"],
    ["https://s3/", { HTTPS_PROXY: "http://p", NO_PROXY: "s3" }, undefined],
    ["https://s3/", { HTTPS_PROXY: "" }, undefined],
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
    ["http://a.b:9000", "a.b:9000", true],
    ["http://127.0.0.1:9000", "127.0.0.1", true],
    ["http://[::1]:9000", "::1", true],
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

  it("that is none, says so", async () => {
    const { open } = await storeWorld();
    await expect(
      open({}, { http_proxy: "socks5://x" }).remove({ bucket: "b", key: "k" }),
    ).rejects.toMatchObject({
      id: "proxy-unusable",
      exitCode: 252,
    });
    await expect(open({}, { http_proxy: "http://" }).remove({ bucket: "b", key: "k" })).rejects.toMatchObject(
      {
        id: "proxy-unusable",
      },
    );
  });
});
