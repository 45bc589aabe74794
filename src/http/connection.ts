import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Stop } from "../s3/requests/stop.js";
import type { TlsOptions } from "../s3/wire/tunnel.js";
import { type Answer, isTaken, type Sink } from "./answer.js";
import { type ParsedHead, parseHead } from "./answer-head.js";
import { ChunkedBody } from "./chunked-body.js";
import { NoAnswer, SurplusBytes } from "./no-answer.js";
import { ConnectTimeout } from "./not-connected.js";
import type { WireRequest } from "./request.js";

/** An answer that this reader does not take: undici is to make the request again. */
export class OddAnswer extends Error {}

export interface ConnectionOptions {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly tls?: TlsOptions;
}

/** Every connection reads into this: what it brought is taken before the next one reads. */
const READ = Buffer.allocUnsafeSlow(256 * 1024);

/** Shorter than servers keep an idle connection. */
const KEEP_ALIVE_MS = 4_000;

/** Milliseconds that a server is given to close a connection as it was asked to. */
const LONGEST_CLOSING_MS = 1_000;

const MAX_HEAD = 32 * 1024;

/** Answers of 1xx before the one that counts: a server that sends them without end is never silent. */
const MAX_INTERIM = 100;

/** 101 is none: it is the last answer in HTTP, and nobody asked for another protocol. */
const INTERIM = /^HTTP\/1\.1 1(?!01)\d\d[ \r]/;

const MAX_KEPT = 32 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** A request under way. */
interface Exchange {
  /** Takes the body of a success; absent: it is kept. */
  sink: Sink | undefined;
  readonly isHead: boolean;
  readonly request: WireRequest;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly release: () => void;
  /** What has come of the head, or of a body that no sink takes. */
  kept: Buffer[];
  /** Bytes of a body that no sink takes. */
  keptSize: number;
  readonly chunked: ChunkedBody;
  /** Answers of 1xx that have come. */
  interim: number;
  head: ParsedHead | undefined;
  /** Bytes of the body still to come. */
  left: number;
}

function requestText({ method, path, headers }: WireRequest): string {
  const fields = Object.keys(headers).map((name) => `${name}: ${headers[name]}`);
  const lines = [`${method} ${path} HTTP/1.1`, ...fields];
  // Nobody may write a second request into the first.
  if (lines.some((line) => /[\r\n\0]/.test(line)) || /[^\x21-\x7e]/.test(path)) throw new OddAnswer();
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * Looks at what stands behind the end of an answer. Empty lines are harmless; where anything else follows, this may be the
 * answer to another request, and what follows that to this one.
 *
 * @returns whether nothing does
 * @throws SurplusBytes
 */
function endsWith(beyond: Buffer): boolean {
  if (beyond.some((byte) => byte !== 0x0d && byte !== 0x0a)) throw new SurplusBytes();
  return beyond.length === 0;
}

/** As `endsWith`; a body behind the answer to HEAD, which some servers send, is passed over. */
function headEndsWith(beyond: Buffer): boolean {
  const start = "HTTP/";
  if (beyond.length > 0 && start.startsWith(beyond.toString("latin1", 0, start.length)))
    throw new SurplusBytes();
  return beyond.length === 0;
}

function openSocket(url: URL, { tls }: ConnectionOptions, callback: (bytes: number) => boolean): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const onread = { buffer: READ, callback };
  const place = { host, port: Number(url.port || (tls === undefined ? 80 : 443)), onread };
  if (tls === undefined) return connectTcp(place);
  const servername = isIP(host) ? {} : { servername: host };
  return connectTls({ ...place, ...tls, ...servername, ALPNProtocols: ["http/1.1"] } as object);
}

/**
 * One connection to an origin: requests one after the other, with no body or one that stands in memory; the answers' bodies
 * go straight from the socket into their sinks.
 */
export class DirectConnection {
  readonly #socket: Socket;
  readonly #readTimeoutMs: number;
  #exchange: Exchange | undefined;
  /** Set before the socket is destroyed, to be the cause. */
  #cause: Error | undefined;
  #idleSince = 0;
  #isReady = false;
  /** Answers that have come: a connection that ends before its next one may have been closed for idleness. */
  served = 0;
  /** Called when it can take another request (true), or never again. */
  onIdle: (usable: boolean) => void = () => undefined;

  constructor(url: URL, options: ConnectionOptions) {
    this.#readTimeoutMs = options.readTimeoutMs;
    const socket = openSocket(url, options, (bytes) => this.#onRead(bytes));
    socket.setNoDelay(true);
    const limit = options.connectTimeoutMs;
    const onTime = () => this.destroy(new ConnectTimeout(`the connection to ${url.host}`, limit));
    const timer = limit > 0 ? setTimeout(onTime, limit) : undefined;
    const ready = options.tls === undefined ? "connect" : "secureConnect";
    socket.on(ready, () => {
      clearTimeout(timer);
      socket.setTimeout(this.#readTimeoutMs);
      this.#isReady = true;
      this.#exchange?.request.onStart?.();
    });
    socket.on("timeout", () => this.destroy(new Error("the server fell silent")));
    socket.on("error", (error) => this.destroy(error));
    socket.on("end", () => this.destroy(new Error("the server closed the connection")));
    socket.on("close", () => {
      clearTimeout(timer);
      this.#fail(this.#cause ?? new Error("the connection was closed"));
    });
    this.#socket = socket;
  }

  /** @throws NoAnswer, OddAnswer, what the sink threw, the reason of the stop */
  send(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    const text = requestText(request);
    return new Promise((resolve, reject) => {
      const release = stop.onStop((reason) => {
        reject(reason);
        this.destroy(reason);
      });
      const isHead = request.method === "HEAD";
      const nothing = { kept: [], keptSize: 0, interim: 0, head: undefined, left: 0 };
      const chunked = new ChunkedBody();
      const { body } = request;
      this.#exchange = { sink, isHead, request, resolve, reject, release, chunked, ...nothing };
      if (body instanceof Buffer) this.#socket.write(Buffer.concat([Buffer.from(text, "latin1"), body]));
      else this.#socket.write(text, "latin1");
      if (this.#isReady) request.onStart?.();
    });
  }

  /** Idle for so long that the server may be about to close it. */
  get isOld(): boolean {
    return performance.now() - this.#idleSince > KEEP_ALIVE_MS;
  }

  /** It is being closed. */
  get isEnded(): boolean {
    return this.#cause !== undefined;
  }

  destroy(cause: Error): void {
    this.#cause ??= cause;
    this.#socket.destroy();
  }

  #fail(cause: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.release();
    const begun = exchange?.sink !== undefined && exchange.head !== undefined;
    exchange?.reject(cause instanceof OddAnswer ? cause : new NoAnswer(cause, begun));
    this.onIdle(false);
  }

  #onRead(bytes: number): boolean {
    const exchange = this.#exchange;
    try {
      // Bytes that nobody asked for.
      if (exchange === undefined) throw new SurplusBytes();
      this.#take(exchange, READ.subarray(0, bytes));
    } catch (error) {
      if (!(error instanceof SurplusBytes)) exchange?.reject(error as Error);
      this.destroy(error as Error);
    }
    return true;
  }

  #take(exchange: Exchange, bytes: Buffer): void {
    if (exchange.head !== undefined) return void this.#takeBody(exchange, exchange.head, bytes);
    // Seldom in two: a copy of each first read would be garbage of 256 KiB.
    const text = exchange.kept.length === 0 ? bytes : Buffer.concat([...exchange.kept, bytes]);
    const end = text.indexOf("\r\n\r\n");
    exchange.kept = end < 0 ? [Buffer.from(text)] : [];
    if (text.length > MAX_HEAD && (end < 0 || end > MAX_HEAD)) throw new OddAnswer();
    if (end < 0) return;
    const headText = text.toString("latin1", 0, end + 2);
    // To be passed over, also unasked (RFC 9110, 15.2).
    if (INTERIM.test(headText)) return void this.#passOver(exchange, text.subarray(end + 4));
    const head = parseHead(headText.slice(0, -2));
    // Errors are read here, whoever asked.
    if (head !== undefined && !isTaken(exchange.sink, head)) exchange.sink = undefined;
    const { sink } = exchange;
    if (head === undefined || (sink !== undefined && head.length === undefined)) throw new OddAnswer();
    const rest = text.subarray(end + 4);
    // Before the sink is told of an answer that may be another's.
    if (sink !== undefined) endsWith(rest.subarray(head.length));
    exchange.head = head;
    exchange.left = head.length ?? 0;
    sink?.onAnswer(head);
    this.#takeBody(exchange, head, rest);
  }

  #passOver(exchange: Exchange, rest: Buffer): void {
    if (++exchange.interim > MAX_INTERIM)
      throw new NoAnswer(new Error("the server sends interim answers without end"), false);
    if (rest.length > 0) this.#take(exchange, rest);
  }

  #takeBody(exchange: Exchange, head: ParsedHead, bytes: Buffer): void {
    if (exchange.isHead) return void this.#done(exchange, head, EMPTY, headEndsWith(bytes));
    if (head.length === undefined) return void this.#takeChunks(exchange, head, bytes);
    const own = bytes.subarray(0, exchange.left);
    const isClean = endsWith(bytes.subarray(own.length));
    exchange.left -= own.length;
    if (exchange.sink === undefined) this.#keep(exchange, own);
    else if (own.length > 0) exchange.sink.onChunk(own);
    if (exchange.left === 0) this.#done(exchange, head, Buffer.concat(exchange.kept), isClean);
  }

  #takeChunks(exchange: Exchange, head: ParsedHead, bytes: Buffer): void {
    this.#count(exchange, bytes);
    const { chunked } = exchange;
    const body = chunked.take(Buffer.from(bytes));
    if (body === undefined) throw new OddAnswer();
    if (body !== "more") this.#done(exchange, head, body, endsWith(chunked.beyond));
  }

  #keep(exchange: Exchange, bytes: Buffer): void {
    this.#count(exchange, bytes);
    exchange.kept.push(Buffer.from(bytes));
  }

  #count(exchange: Exchange, { length }: Buffer): void {
    exchange.keptSize += length;
    exchange.request.onKept?.(length);
    if (exchange.keptSize > MAX_KEPT) throw new OddAnswer();
  }

  #done(exchange: Exchange, head: ParsedHead, body: Buffer, isClean: boolean): void {
    this.#exchange = undefined;
    this.served++;
    const resolve = () => {
      exchange.release();
      exchange.resolve({ status: head.status, headers: head.headers, body });
    };
    if (exchange.request.isAlone && exchange.sink === undefined)
      return void this.#awaitEnd(exchange, resolve);
    resolve();
    if (!head.keepAlive || !isClean) return void this.destroy(new Error("not to be used again"));
    this.#idleSince = performance.now();
    this.onIdle(true);
  }

  /** The server has been asked to close the connection behind its answer: more bytes before that would be another one. */
  #awaitEnd({ reject, release }: Exchange, resolve: () => void): void {
    const timer = setTimeout(() => this.destroy(new Error("not closed by the server")), LONGEST_CLOSING_MS);
    this.#socket.once("close", () => {
      clearTimeout(timer);
      release();
      if (this.#cause instanceof SurplusBytes) reject(new NoAnswer(this.#cause, false));
      else resolve();
    });
  }
}
