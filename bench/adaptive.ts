import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Client, ENVIRONMENT, installedClients } from "./clients.js";
import { LAST_MODIFIED, smallKeys } from "./data.js";
import { etagOf, listingPage } from "./listing.js";
import { watch } from "./measure.js";
import { inColumns, OURS, seconds } from "./report.js";
import { SMALL_OBJECT } from "./sizes.js";

const COUNT = 1500;
const KEYS = smallKeys("small", COUNT);
const BODY = Buffer.alloc(SMALL_OBJECT, "x");
const SERVED = {
  etag: etagOf(SMALL_OBJECT),
  "content-length": SMALL_OBJECT,
  "last-modified": LAST_MODIFIED.toUTCString(),
};
const PAGE = 1000;
/** Some programs go on with a server that refuses for very long: exit code 124. */
const PATIENCE_SECONDS = "60";

/** What a server bears. */
interface Manner {
  readonly title: string;
  /** Of each GET. */
  readonly ms: number;
  /** What it does with more than `bears` requests, or connections, at once. */
  readonly bears: number;
  readonly refuses: "with 503" | "by reset" | "connections";
}

const MANNERS: readonly Manner[] = [
  { title: "30 ms, any number at once", ms: 30, bears: Infinity, refuses: "with 503" },
  { title: "10 ms, 4 at once, 503 to more", ms: 10, bears: 4, refuses: "with 503" },
  { title: "10 ms, 4 at once, resets more", ms: 10, bears: 4, refuses: "by reset" },
  { title: "10 ms, 4 connections, resets more", ms: 10, bears: 4, refuses: "connections" },
];

interface Seen {
  refused: number;
  inFlight: number;
  most: number;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function list(response: ServerResponse, query: URLSearchParams): void {
  const start = Number(query.get("continuation-token") ?? 0);
  const end = start + PAGE;
  const next = end < COUNT ? String(end) : undefined;
  response.setHeader("content-type", "application/xml");
  response.end(listingPage(query.get("prefix") ?? "", KEYS.slice(start, end), SMALL_OBJECT, next));
}

/** An S3 with COUNT objects that never refuses a listing. */
async function startServer({ ms, bears, refuses }: Manner) {
  const seen: Seen = { refused: 0, inFlight: 0, most: 0 };
  const get = async (response: ServerResponse): Promise<void> => {
    const isTooMuch = ++seen.inFlight > bears && refuses !== "connections";
    seen.most = Math.max(seen.most, seen.inFlight);
    // A refusal takes a moment too: what comes together is seen together.
    await sleep(isTooMuch ? 1 : ms);
    seen.inFlight--;
    if (isTooMuch) seen.refused++;
    if (isTooMuch && refuses === "by reset") return void response.socket?.resetAndDestroy();
    if (!isTooMuch) return void response.writeHead(200, SERVED).end(BODY);
    response.writeHead(503, { "content-type": "application/xml" });
    response.end("<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://bench");
    if (url.searchParams.has("list-type")) list(response, url.searchParams);
    else void get(response);
  });
  let connections = 0;
  server.on("connection", (socket) => {
    if (++connections > bears && refuses === "connections") {
      seen.refused++;
      socket.resetAndDestroy();
    }
    socket.on("close", () => connections--);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, close: () => void server.close() };
}

/** Ours without a flag and with some, then the others that copy trees. */
async function contestants(): Promise<Client[]> {
  const [ours, ...others] = await installedClients();
  const limited = ["4", "16", "64"].map((limit): Client => {
    const command: Client["command"] = (task) => [...ours!.command(task)!, "--concurrency", limit];
    return { name: `… --concurrency ${limit}`, version: "", command };
  });
  return [ours!, ...limited, ...others.filter(({ name }) => name !== "curl")];
}

/** How many requests at once each server is given, and how that goes. */
export async function benchAdaptive(folder: string): Promise<void> {
  const target = join(folder, "target");
  const clients = await contestants();
  console.log(`${COUNT} objects of 4 KiB, each run once\n`);
  for (const manner of MANNERS) {
    const rows = [["program", "wall", "exit", "files", "refused", "most at once"]];
    for (const { name, command } of clients) {
      mkdirSync(target);
      const server = await startServer(manner);
      const remote = "bench/small/";
      const task = { kind: "tree-down", endpoint: server.url, remote, local: target } as const;
      const limited = ["timeout", PATIENCE_SECONDS, ...command(task)!];
      const { wall, code, words } = await watch(limited, { env: ENVIRONMENT, folder });
      server.close();
      const files = readdirSync(target, { recursive: true }).filter((path) => String(path).endsWith(".bin"));
      const { refused, most } = server.seen;
      rows.push([name, seconds(wall), String(code), String(files.length), String(refused), String(most)]);
      if (code !== 0 && name.startsWith(OURS)) console.log(words.split("\n").slice(0, 3).join("\n"));
      rmSync(target, { recursive: true });
    }
    console.log(`${manner.title}\n${inColumns(rows)}\n`);
  }
}
