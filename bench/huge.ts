import { closeSync, ftruncateSync, openSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILT_FILE } from "../test/support/built-file.js";
import { ENVIRONMENT } from "./clients.js";
import { LAST_MODIFIED } from "./data.js";
import { measure } from "./measure.js";
import { inColumns } from "./report.js";

const GIB = 2 ** 30;
const SIZES = [GIB, 64 * GIB];
/** Every byte of the object comes from here. */
const BLOCK = Buffer.alloc(2 ** 20, "fetch-creds");
const FACTS = {
  etag: '"bench-1"',
  "last-modified": LAST_MODIFIED.toUTCString(),
  "accept-ranges": "bytes",
};

interface Tally {
  sent: number;
  taken: number;
}

/** Writes `length` bytes as fast as they are taken. */
async function makeUp(response: ServerResponse, length: number, tally: Tally): Promise<void> {
  for (let left = length; left > 0 && !response.destroyed; left -= BLOCK.length) {
    const chunk = BLOCK.subarray(0, left);
    tally.sent += chunk.length;
    if (!response.write(chunk))
      await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
}

function serve(request: IncomingMessage, response: ServerResponse, size: number, tally: Tally): void {
  const [, start = "0", last] = request.headers.range?.match(/^bytes=(\d+)-(\d+)$/) ?? [];
  const end = Math.min(last === undefined ? size : Number(last) + 1, size);
  const range = last === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${size}` };
  const length = end - Number(start);
  response.writeHead(last === undefined ? 200 : 206, { ...FACTS, ...range, "content-length": length });
  if (request.method === "HEAD") response.end();
  else void makeUp(response, length, tally);
}

function xml(response: ServerResponse, name: string, body: string): void {
  response.setHeader("content-type", "application/xml");
  response.end(`<?xml version="1.0"?><${name}><Bucket>bench</Bucket><Key>huge</Key>${body}</${name}>`);
}

function take(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  tally: Tally,
): void {
  request.on("data", (chunk: Buffer) => {
    if (request.method === "PUT") tally.taken += chunk.length;
  });
  request.on("end", () => {
    if (request.method === "DELETE") response.writeHead(204).end();
    else if (query.has("uploads"))
      xml(response, "InitiateMultipartUploadResult", "<UploadId>bench</UploadId>");
    else if (request.method === "POST")
      xml(response, "CompleteMultipartUploadResult", '<ETag>"bench-1"</ETag>');
    else response.writeHead(200, { etag: '"part"' }).end();
  });
}

/** An S3 with one object of `size` bytes that it makes up; what is uploaded it throws away. */
async function startServer(size: number) {
  const tally: Tally = { sent: 0, taken: 0 };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://bench");
    const reads = request.method === "GET" || request.method === "HEAD";
    if (reads) serve(request, response, size, tally);
    else take(request, response, searchParams, tally);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, tally, close: () => void server.close() };
}

/** Bytes that take no space on the disk. */
function makeSparse(path: string, size: number): void {
  const file = openSync(path, "w");
  ftruncateSync(file, size);
  closeSync(file);
}

/** One object of 1 GiB, and one of 64: memory is to be the same. */
export async function benchHuge(folder: string): Promise<void> {
  const source = join(tmpdir(), `fetch-creds-bench-sparse-${process.pid}`);
  const rows = [["case", "wall", "MB/s", "CPU", "peak memory"]];
  try {
    for (const size of SIZES) {
      makeSparse(source, size);
      const title = `${size / GIB} GiB`;
      const directions = [
        { title: `${title} down, to /dev/null`, paths: ["s3://bench/huge", "/dev/null"], moved: "sent" },
        { title: `${title} up, from a sparse file`, paths: [source, "s3://bench/huge"], moved: "taken" },
      ] as const;
      for (const { title, paths, moved } of directions) {
        const server = await startServer(size);
        const words = ["cp", ...paths, "--only-show-errors", "--endpoint-url", server.url];
        const command = [process.execPath, BUILT_FILE, ...words];
        const { wall, cpu, memory } = await measure(command, { env: ENVIRONMENT, folder });
        server.close();
        // Signed uploads carry some bytes more than the file has.
        if (server.tally[moved] < size) throw new Error(`${title}: only ${server.tally[moved]} bytes moved`);
        const rate = Math.round(size / wall / 1e6);
        const peak = `${Math.round((memory * 1024) / 1e6)} MB`;
        rows.push([title, `${wall.toFixed(1)} s`, String(rate), `${cpu.toFixed(1)} s`, peak]);
        console.log(rows.at(-1)!.join("  "));
      }
    }
  } finally {
    rmSync(source, { force: true });
  }
  console.log(`\n${inColumns(rows)}\n\nMB: 10^6 bytes`);
}
