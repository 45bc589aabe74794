import { createHash } from "node:crypto";
import { type AddressInfo, createServer as createPlainServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { crc32 } from "node:zlib";
import { TEST_TLS } from "./certificate/certificate.js";

/** Where a response that nobody asked for stands, and whether it goes out in one write with the right one. */
export type Stray =
  | "before, at once"
  | "before, alone"
  | "within"
  | "after, at once"
  | "after, alone"
  | "with the next request";

export const STRAYS: readonly Stray[] = [
  "before, at once",
  "before, alone",
  "within",
  "after, at once",
  "after, alone",
  "with the next request",
];

/** How the server writes the ETag of an object, in answers and in listings. */
export type Naming = "strong" | "weak" | "none";

export interface StrayServerOptions {
  readonly tls: boolean;
  readonly naming: Naming;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** What to do to the response to a request for an object or its head; the number counts from 0. */
  readonly stray: (method: string, index: number) => Stray | undefined;
}

export interface StrayServer {
  readonly url: string;
  /** How often each has been written. */
  readonly struck: Map<Stray, number>;
  readonly connections: () => number;
  close(): Promise<void>;
}

const TIME = "2026-01-02T03:04:05.000Z";
/** Milliseconds: the other side has read by then what came before, most often. */
const PAUSE_MS = 4;

const md5 = (body: Buffer) => createHash("md5").update(body).digest("hex");

function etagOf(body: Buffer, naming: Naming): string | undefined {
  return naming === "none" ? undefined : `${naming === "weak" ? "W/" : ""}"${md5(body)}"`;
}

function responseTo(method: string, range: string | undefined, body: Buffer, naming: Naming): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const etag = etagOf(body, naming);
  const [, start = "0", last = ""] = range?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
  const end = Math.min(last === "" ? body.length : Number(last) + 1, body.length);
  const head = [
    range === undefined ? "HTTP/1.1 200 OK" : "HTTP/1.1 206 Partial Content",
    `content-length: ${end - Number(start)}`,
    ...(range === undefined ? [] : [`content-range: bytes ${start}-${end - 1}/${body.length}`]),
    `last-modified: ${new Date(TIME).toUTCString()}`,
    `x-amz-checksum-crc32: ${sum.toString("base64")}`,
    ...(etag === undefined ? [] : [`etag: ${etag}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${head.join("\r\n")}\r\n\r\n`),
    method === "HEAD" ? Buffer.alloc(0) : body.subarray(Number(start), end),
  ]);
}

function listing({ objects, naming }: StrayServerOptions): Buffer {
  const entries = [...objects].map(([key, body]) => {
    const etag = etagOf(body, naming)?.replaceAll('"', "&quot;");
    return `<Contents><Key>${key}</Key><LastModified>${TIME}</LastModified>${
      etag === undefined ? "" : `<ETag>${etag}</ETag>`
    }<Size>${body.length}</Size></Contents>`;
  });
  const xml = `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join("")}</ListBucketResult>`;
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}`);
}

/** One kept connection; what is to be written waits for what was begun before it. */
class Writing {
  readonly #socket: Socket;
  #last: Promise<void> = Promise.resolve();
  /** Written as soon as the next request has come, before its response. */
  held: Buffer | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** As the client has asked for. */
  end(): void {
    this.#last = this.#last.then(() => void this.#socket.end());
  }

  write(...pieces: readonly Buffer[]): void {
    for (const [index, piece] of pieces.entries()) {
      this.#last = this.#last.then(async () => {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        if (!this.#socket.destroyed) this.#socket.write(piece);
      });
    }
  }
}

function write(writing: Writing, stray: Stray | undefined, good: Buffer, other: Buffer): void {
  const { held } = writing;
  writing.held = undefined;
  if (held !== undefined) writing.write(held, good);
  else if (stray === "before, at once") writing.write(Buffer.concat([other, good]));
  else if (stray === "before, alone") writing.write(other, good);
  else if (stray === "within")
    writing.write(Buffer.concat([good.subarray(0, -20), other, good.subarray(-20)]));
  else if (stray === "after, at once") writing.write(Buffer.concat([good, other]));
  else if (stray === "after, alone") writing.write(good, other);
  else writing.write(good);
  if (stray === "with the next request") writing.held = other;
}

/** An S3 server that keeps its connections, and puts whole answers about another object among its own. */
export async function startStrayServer(options: StrayServerOptions): Promise<StrayServer> {
  const { objects, naming, tls } = options;
  const struck = new Map<Stray, number>();
  const sockets = new Set<Socket>();
  const keys = [...objects.keys()];
  let connections = 0;
  let index = 0;
  const answer = (writing: Writing, text: string) => {
    const [method = "", target = ""] = text.split(" ");
    const range = /^range: *(.*)$/im.exec(text)?.[1];
    if (target.includes("list-type")) return writing.write(listing(options));
    const key = decodeURIComponent(target.split("/").at(-1)?.split("?")[0] ?? "");
    const body = objects.get(key) ?? Buffer.alloc(0);
    const next = objects.get(keys[(keys.indexOf(key) + 1) % keys.length] ?? "") ?? Buffer.alloc(0);
    const stray = options.stray(method, index++);
    if (stray !== undefined) struck.set(stray, (struck.get(stray) ?? 0) + 1);
    write(writing, stray, responseTo(method, range, body, naming), responseTo("GET", range, next, naming));
    if (/^connection: *close/im.test(text)) writing.end();
  };
  const onConnection = (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    const writing = new Writing(socket);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        answer(writing, request);
      }
    });
  };
  const server = tls ? createTlsServer(TEST_TLS, onConnection) : createPlainServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    struck,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
