import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Stop } from "../s3/requests/stop.js";
import type { TlsOptions } from "../s3/wire/tunnel.js";
import type { Answer, Sink } from "./answer.js";
import { NoAnswer, Silence, SurplusBytes } from "./no-answer.js";
import { ConnectTimeout } from "./not-connected.js";
import { OBJECTS } from "./reading-rules.js";
import type { WireRequest } from "./request.js";
import { requestText } from "./request-text.js";
import { ResponseReader } from "./response-reader.js";
import { UnreadableAnswer } from "./unreadable-answer.js";

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

/** A request under way. */
interface Exchange {
  readonly request: WireRequest;
  readonly reader: ResponseReader;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly release: () => void;
}

/**
 * Looks at what stands behind the end of an answer. Empty lines are harmless; where anything else follows, this may be the
 * answer to another request, and what follows that to this one.
 *
 * @returns whether nothing does
 * @throws SurplusBytes
 */
function isClean(beyond: Buffer, toHead: boolean): boolean {
  if (toHead) return isCleanHead(beyond);
  if (beyond.some((byte) => byte !== 0x0d && byte !== 0x0a)) throw new SurplusBytes();
  return beyond.length === 0;
}

/** As `isClean`; a body behind the answer to HEAD, which some servers send, is passed over. */
function isCleanHead(beyond: Buffer): boolean {
  const start = "HTTP/";
  if (beyond.length > 0 && start.startsWith(beyond.toString("latin1", 0, start.length)))
    throw new SurplusBytes();
  return beyond.length === 0;
}

/** What is wrong with an answer, in words for a line that begins with what was asked. */
function wordsFor(error: unknown): Error {
  if (!(error instanceof UnreadableAnswer)) return error as Error;
  const fault = error.reason === "malformed" ? "not valid HTTP" : "too large";
  return new Error(`the answer is ${fault}: ${error.message}`);
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
  /** Runs from the end of each answer. */
  #aging: NodeJS.Timeout | undefined;
  #isOld = false;
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
    socket.on("timeout", () => this.destroy(new Silence(this.#readTimeoutMs)));
    socket.on("error", (error) => this.destroy(error));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => {
      clearTimeout(timer);
      clearTimeout(this.#aging);
      this.#fail(this.#cause ?? new Error("the connection was closed"));
    });
    this.#socket = socket;
  }

  /** @throws NoAnswer, what the sink threw, the reason of the stop */
  send(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    const { method, path, headers, body, onKept } = request;
    const text = requestText(method, path, headers);
    return new Promise((resolve, reject) => {
      const release = stop.onStop((reason) => {
        reject(reason);
        this.destroy(reason);
      });
      const reader = new ResponseReader(OBJECTS, { toHead: method === "HEAD", sink, onKept });
      this.#exchange = { request, reader, resolve, reject, release };
      if (body instanceof Buffer) this.#socket.write(Buffer.concat([Buffer.from(text, "latin1"), body]));
      else this.#socket.write(text, "latin1");
      if (this.#isReady) request.onStart?.();
    });
  }

  /** Idle for so long that the server may be about to close it. */
  get isOld(): boolean {
    return this.#isOld;
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
    exchange?.reject(new NoAnswer(cause, exchange.reader.begun));
    this.onIdle(false);
  }

  #onRead(bytes: number): boolean {
    const exchange = this.#exchange;
    // Bytes that nobody asked for.
    if (exchange === undefined) this.destroy(new SurplusBytes());
    else this.#take(exchange, READ.subarray(0, bytes));
    return true;
  }

  #take(exchange: Exchange, bytes: Buffer): void {
    const { reader, request } = exchange;
    let clean: boolean;
    try {
      reader.push(bytes);
      // Before the sink is told of an answer that may be another's.
      clean = isClean(reader.beyond, request.method === "HEAD");
    } catch (error) {
      return void this.destroy(wordsFor(error));
    }
    try {
      reader.deliver();
    } catch (refusal) {
      exchange.reject(refusal as Error);
      return void this.destroy(refusal as Error);
    }
    if (reader.done) this.#done(exchange, clean && reader.keepAlive);
  }

  /** The server has finished: that ends a body of no length. */
  #onEnd(): void {
    const exchange = this.#exchange;
    if (exchange?.reader.end()) this.#done(exchange, false);
    else this.destroy(new Error("the server closed the connection"));
  }

  #done(exchange: Exchange, isReusable: boolean): void {
    const { reader, request } = exchange;
    this.#exchange = undefined;
    this.served++;
    const resolve = () => {
      exchange.release();
      exchange.resolve(reader.answer as Answer);
    };
    if (request.isAlone && !reader.begun) return void this.#awaitEnd(exchange, resolve);
    resolve();
    if (!isReusable) return void this.destroy(new Error("not to be used again"));
    this.#isOld = false;
    this.#aging ??= setTimeout(() => {
      this.#isOld = true;
    }, KEEP_ALIVE_MS).unref();
    this.#aging.refresh();
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
