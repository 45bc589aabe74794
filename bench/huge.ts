import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BUILT_FILE } from "../test/support/built-file.js";
import { ENVIRONMENT } from "./clients.js";
import { LAST_MODIFIED } from "./data.js";
import { measure } from "./measure.js";
import { answerMultipart, UPLOADED_ETAG } from "./multipart.js";
import { numberOption, wordOption } from "./options.js";
import { inColumns } from "./report.js";

const GIB = 2 ** 30;
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

/** Throws a part away, and names the checksum that it was sent with, as S3 does. */
function take(request: IncomingMessage, response: ServerResponse, tally: Tally): void {
  request.on("data", (chunk: Buffer) => {
    tally.taken += chunk.length;
  });
  const sums = Object.entries(request.headers).filter(([name]) => name.startsWith("x-amz-checksum-"));
  const headers = { etag: UPLOADED_ETAG, ...Object.fromEntries(sums) };
  request.on("end", () => response.writeHead(200, headers).end());
}

/** An S3 with one object of `size` bytes that it makes up; what is uploaded it throws away. */
async function startServer(size: number) {
  const tally: Tally = { sent: 0, taken: 0 };
  const server = createServer((request, response) => {
    if (request.method === "POST") answerMultipart(request, response);
    else if (request.method === "PUT") take(request, response, tally);
    else serve(request, response, size, tally);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, tally, close: () => void server.close() };
}

interface Way {
  readonly title: string;
  readonly moved: keyof Tally;
  /** A line of bash; `$cp` is ours, `$size` in bytes. The peak is of its largest process: ours. */
  readonly line: string;
}

const WAYS: readonly Way[] = [
  { title: "down, to /dev/null", moved: "sent", line: "$cp s3://bench/huge /dev/null" },
  { title: "down, to -", moved: "sent", line: "$cp s3://bench/huge - | cat >/dev/null" },
  {
    title: "down, to a FIFO's reader",
    moved: "sent",
    line: "mkfifo fifo; cat fifo >/dev/null & $cp s3://bench/huge fifo; wait $!; rm fifo",
  },
  { title: "up, from -", moved: "taken", line: "head -c $size /dev/zero | $cp - s3://bench/huge" },
  {
    title: "up, from a sparse file",
    moved: "taken",
    line: "truncate -s $size sparse; $cp sparse s3://bench/huge; rm sparse",
  },
];

async function run({ line, moved }: Way, size: number, folder: string): Promise<string[]> {
  const server = await startServer(size);
  const cp = `'${process.execPath}' '${BUILT_FILE}' cp --only-show-errors --endpoint-url ${server.url}`;
  const script = `set -euo pipefail; ${line.replaceAll("$cp", cp).replaceAll("$size", String(size))}`;
  const measured = await measure(["bash", "-c", script], { env: ENVIRONMENT, folder });
  server.close();
  // Signed uploads carry some bytes more than the file has.
  if (server.tally[moved] < size) throw new Error(`${line}: only ${server.tally[moved]} bytes moved`);
  const { wall, cpu, memory } = measured;
  return [
    `${wall.toFixed(1)} s`,
    String(Math.round(size / wall / 1e6)),
    `${cpu.toFixed(1)} s`,
    `${Math.round((memory * 1024) / 1e6)} MB`,
  ];
}

/** An object of 1 GiB, and one of 64, or of `--gib N`, each way: memory is to be the same. */
export async function benchHuge(folder: string): Promise<void> {
  const gib = numberOption("--gib");
  const rows = [["case", "wall", "MB/s", "CPU", "peak memory"]];
  for (const size of gib === undefined ? [1, 64] : [gib]) {
    for (const way of WAYS) {
      const title = `${size} GiB ${way.title}`;
      if (!title.includes(wordOption("--only") ?? "")) continue;
      rows.push([title, ...(await run(way, size * GIB, folder))]);
      console.log(rows.at(-1)!.join("  "));
    }
  }
  console.log(`\n${inColumns(rows)}\n\nMB: 10^6 bytes`);
}
