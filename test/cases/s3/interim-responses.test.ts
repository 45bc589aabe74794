import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { runBuilt } from "../../support/run-built.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const ENV = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
};

const RESPONSES: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  GET: (_, response) =>
    void response
      .writeHead(206, {
        etag: '"e"',
        "content-length": 5,
        "content-range": "bytes 0-4/5",
        "x-amz-checksum-crc32": "NhCmhg==",
      })
      .end("hello"),
  PUT: ({ headers }, response) =>
    headers["x-amz-copy-source"] === undefined
      ? void response.writeHead(200, { etag: '"e"', "x-amz-checksum-crc64nvme": sum(headers) }).end()
      : void response.end("<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>"),
  HEAD: (_, response) => void response.writeHead(200, { etag: '"e"', "content-length": 5 }).end(),
};

const sum = (headers: IncomingMessage["headers"]) => String(headers["x-amz-checksum-crc64nvme"] ?? "");

/** A server that sends 100 (Continue), unasked, before each response. */
async function hastyServer(): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.method ?? "");
    response.writeContinue();
    request.resume().once("end", () => RESPONSES[request.method ?? ""]?.(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

it("100 (Continue) before a response is passed over, whichever way the request goes", async () => {
  const { url, requests } = await hastyServer();
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runBuilt(args, { cwd: folder.path, env: { ...ENV, AWS_ENDPOINT_URL: url, ...env } });

  expect(await run(["cp", "s3://b/k", "down"])).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(folder.at("down"), "utf8")).toBe("hello");
  expect(await run(["cp", "down", "s3://b/k", "--no-overwrite"])).toMatchObject({ code: 0, stderr: "" });
  expect(await run(["cp", "down", "s3://b/k"])).toMatchObject({ code: 0, stderr: "" });
  expect(await run(["cp", "s3://b/k", "s3://b/copy"])).toMatchObject({ code: 0, stderr: "" });
  expect(requests).toEqual(expect.arrayContaining(["GET", "PUT"]));

  // By a proxy, which is this server itself.
  const proxied = { AWS_ENDPOINT_URL: "http://s3.invalid", HTTP_PROXY: url };
  expect(await run(["cp", "s3://b/k", "by-proxy"], proxied)).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(folder.at("by-proxy"), "utf8")).toBe("hello");
});
