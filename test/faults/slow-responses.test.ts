import { readFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Script, type SeenRequest, startRawEndpoint } from "../support/raw-endpoint/raw-endpoint.js";
import { drip, responseText } from "../support/raw-endpoint/scripts.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const SIZE = 3000;

/** The head of the rest of an object of SIZE bytes. */
function headOfRest(request: SeenRequest): string {
  const start = Number(/range: bytes=(\d+)-/i.exec(request.head)?.[1] ?? 0);
  const range = `bytes ${start}-${SIZE - 1}/${SIZE}`;
  return responseText(
    206,
    { ETag: '"x"', "Content-Length": String(SIZE - start), "Content-Range": range },
    "",
  );
}

/** A server that is never silent for a second, by the key that is asked for. */
const SCRIPTS: Readonly<Record<string, (socket: Socket, request: SeenRequest) => void>> = {
  "status-line": drip("HTTP/1.1 200 ", "x", 200),
  headers: drip("HTTP/1.1 200 OK\r\n", "x-a: y\r\n", 200),
  "a-header": drip("HTTP/1.1 200 OK\r\nx-a: ", "y", 200),
  "102": drip("", "HTTP/1.1 102 Processing\r\n\r\n", 200),
  "103": drip("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", 200),
  error: drip(responseText(403, { "Content-Length": "9000" }, ""), " ", 200),
  body: drip(responseText(200, { "Content-Length": "9000" }, ""), " ", 200),
  chunks: drip(responseText(200, { "Transfer-Encoding": "chunked" }, ""), "1\r\n \r\n", 200),
  object: (socket, request) => drip(headOfRest(request), "x", 200)(socket, request),
  // Slow, and a body all the same: longer than the limit, in which it brings more than it must.
  steady: (socket, request) => {
    socket.write(headOfRest(request));
    let left = SIZE / 500;
    const timer = setInterval(() => {
      socket.write("x".repeat(500));
      if (--left === 0) clearInterval(timer);
    }, 400);
    socket.on("close", () => clearInterval(timer));
  },
};

let server: Server;
const heads: string[] = [];
const folder = temporaryFolder();

beforeAll(async () => {
  server = await startRawEndpoint("127.0.0.1", 0, (request): Script => {
    heads.push(request.head);
    const name = Object.keys(SCRIPTS).find((each) => request.target.includes(`case-${each}`)) ?? "";
    return SCRIPTS[name] as Script;
  });
});
afterAll(() => {
  server.close();
  folder.remove();
});

const run = (args: readonly string[], silenceS = 1) =>
  runBuilt(
    [...args, ...(args[0] === "ls" ? [] : ["--no-progress"]), "--cli-read-timeout", String(silenceS)],
    {
      cwd: folder.path,
      env: {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
        AWS_SECRET_ACCESS_KEY: "secret",
      },
      input: "content",
    },
  );
/** Without the HEAD that asks for a checksum. */
const triesOf = (name: string) =>
  heads.filter((head) => !head.startsWith("HEAD") && head.includes(`case-${name}`)).length;

describe("a server that answers a little now and then", () => {
  it.concurrent.for([
    ["cp s3://b/case-status-line x", 1],
    ["cp s3://b/case-headers x", 1],
    ["cp s3://b/case-a-header x", 1],
    ["cp s3://b/case-102 x", 1],
    ["cp s3://b/case-103 x", 1],
    ["cp s3://b/case-error x", 1],
    ["cp s3://b/case-object x", 1],
    ["cp - s3://b/case-body", 1],
    ["ls s3://b/case-chunks", 255],
    ["ls s3://b/case-102", 255],
  ] as const)("is given up: %s", async ([line, expected]) => {
    const { code, stderr } = await run(line.split(" "));
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(/too slowly/) });
    expect(stderr.split("\n").filter((each) => /^\S.*fail|^fetch-creds: /.test(each))).toHaveLength(1);
    const name = line.replace(/^.*case-(\S+).*$/, "$1");
    expect(triesOf(name)).toBeGreaterThanOrEqual(5);
  });

  it.concurrent("is waited for while a body makes progress", async () => {
    const { code, stderr } = await run(["cp", "s3://b/case-steady", "steady", "--no-progress"], 2);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(readFileSync(folder.at("steady"), "latin1")).toBe("x".repeat(SIZE));
    expect(triesOf("steady")).toBe(1);
  });
});
