import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import type { Stop } from "../../requests/stop.js";
import { type Answer, NoAnswer, type Sink, type WireRequest } from "../exchange.js";
import { decodeChunked, type ParsedHead, parseHead } from "./answer-head.js";

/** An answer that this reader does not take: undici is to make the request again. */
export class OddAnswer extends Error {}

export interface ConnectionOptions {
  /** Milliseconds; 0: no limit. */
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** Absent: plain TCP. */
  readonly tls?: { readonly secureContext: SecureContext; readonly rejectUnauthorized: boolean };
}

/** Every connection reads into this: what it brought is taken before the next one reads. */
const READ = Buffer.allocUnsafeSlow(256 * 1024);

const MAX_HEAD = 32 * 1024;
const MAX_ERROR_BODY = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** A request under way. */
interface Exchange {
  readonly sink: Sink;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly release: () => void;
  /** What has come of the head, or of a body that no sink takes. */
  kept: Buffer;
  head: ParsedHead | undefined;
  /** Bytes of the body still to come. */
  left: number;
}

function requestText({ method, path, headers }: WireRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  // Nobody may write a second request into the first.
  if (lines.some((line) => /[\r\n\0]/.test(line.slice(0, -2))) || /[^\x21-\x7e]/.test(path))
    throw new OddAnswer();
  return text;
}

/** One connection to an origin: GET requests one after the other, bodies straight from the socket into their sinks. */
export class DirectConnection {
  readonly #socket: Socket;
  readonly #readTimeoutMs: number;
  #exchange: Exchange | undefined;
  /** Set before the socket is destroyed, to be the cause. */
  #cause: Error | undefined;
  /** Answers that have come: a connection that ends before its next one may have been closed for idleness. */
  served = 0;
  /** Called when it can take another request (true), or never again. */
  onIdle: (usable: boolean) => void = () => undefined;

  constructor(
    url: URL,
    options: ConnectionOptions,
    session: Buffer | undefined,
    onSession: (session: Buffer) => void,
  ) {
    this.#readTimeoutMs = options.readTimeoutMs;
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const onread = { buffer: READ, callback: (bytes: number) => this.#onRead(bytes) };
    if (options.tls === undefined) {
      this.#socket = connectTcp({ host, port: Number(url.port || 80), noDelay: true, onread });
    } else {
      const servername = isIP(host) ? {} : { servername: host };
      const resumed = session === undefined ? {} : { session };
      const tls = connectTls({
        host,
        port: Number(url.port || 443),
        ...options.tls,
        ...servername,
        ...resumed,
        ALPNProtocols: ["http/1.1"],
        ...({ onread } as object),
      });
      tls.setNoDelay(true);
      tls.on("session", onSession);
      this.#socket = tls;
    }
    this.#socket.setTimeout(options.connectTimeoutMs);
    this.#socket.on(options.tls === undefined ? "connect" : "secureConnect", () =>
      this.#socket.setTimeout(this.#readTimeoutMs),
    );
    this.#socket.on("timeout", () => this.#destroy(new Error("the server fell silent")));
    this.#socket.on("error", (error) => {
      this.#cause ??= error;
    });
    this.#socket.on("end", () => this.#destroy(new Error("the server closed the connection")));
    this.#socket.on("close", () => this.#fail(this.#cause ?? new Error("the connection was closed")));
  }

  /** @throws NoAnswer, OddAnswer, what the sink threw, the reason of the stop */
  send(request: WireRequest, sink: Sink, stop: Stop): Promise<Answer> {
    const text = requestText(request);
    return new Promise((resolve, reject) => {
      const release = stop.onStop((reason) => {
        reject(reason);
        this.#destroy(reason);
      });
      this.#exchange = { sink, resolve, reject, release, kept: EMPTY, head: undefined, left: 0 };
      this.#socket.setTimeout(this.#socket.connecting ? (this.#socket.timeout ?? 0) : this.#readTimeoutMs);
      this.#socket.write(text, "latin1");
    });
  }

  /** Waits for no answer any more. */
  rest(ms: number): void {
    this.#socket.setTimeout(ms);
  }

  close(): void {
    this.#destroy(new Error("closed"));
  }

  #destroy(cause: Error): void {
    this.#cause ??= cause;
    this.#socket.destroy();
  }

  #fail(cause: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.release();
    exchange?.reject(
      cause instanceof OddAnswer
        ? cause
        : new NoAnswer(cause, exchange.head !== undefined && exchange.head.status < 300),
    );
    this.onIdle(false);
  }

  #onRead(bytes: number): boolean {
    const exchange = this.#exchange;
    // Bytes that nobody asked for.
    if (exchange === undefined) this.#destroy(new OddAnswer());
    else {
      try {
        this.#take(exchange, READ.subarray(0, bytes));
      } catch (error) {
        exchange.reject(error as Error);
        this.#destroy(error as Error);
      }
    }
    return true;
  }

  #take(exchange: Exchange, bytes: Buffer): void {
    if (exchange.head !== undefined) {
      this.#takeBody(exchange, exchange.head, bytes);
      return;
    }
    const text = exchange.kept.length === 0 ? bytes : Buffer.concat([exchange.kept, bytes]);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (text.length > MAX_HEAD) throw new OddAnswer();
      exchange.kept = Buffer.from(text);
      return;
    }
    const head = parseHead(text.toString("latin1", 0, end));
    if (head === undefined) throw new OddAnswer();
    if (head.status < 300 && head.framing.kind === "chunked") throw new OddAnswer();
    exchange.head = head;
    exchange.kept = EMPTY;
    if (head.framing.kind === "length") exchange.left = head.framing.length;
    if (head.status < 300) exchange.sink.onAnswer(head);
    this.#takeBody(exchange, head, text.subarray(end + 4));
  }

  #takeBody(exchange: Exchange, head: ParsedHead, bytes: Buffer): void {
    if (head.status < 300) {
      if (bytes.length > exchange.left)
        throw new NoAnswer(new Error("more bytes came than were announced"), true);
      exchange.left -= bytes.length;
      if (bytes.length > 0) exchange.sink.onChunk(bytes);
      if (exchange.left === 0) this.#done(exchange, head, EMPTY);
      return;
    }
    exchange.kept = Buffer.concat([exchange.kept, bytes]);
    if (exchange.kept.length > MAX_ERROR_BODY) throw new OddAnswer();
    const body = head.framing.kind === "chunked" ? decodeChunked(exchange.kept) : this.#whole(exchange);
    if (body === undefined) throw new OddAnswer();
    if (body !== "more") this.#done(exchange, head, body);
  }

  #whole({ kept, left }: Exchange): Buffer | "more" | undefined {
    if (kept.length < left) return "more";
    return kept.length === left ? kept : undefined;
  }

  #done(exchange: Exchange, head: ParsedHead, body: Buffer): void {
    this.#exchange = undefined;
    this.served++;
    exchange.release();
    exchange.resolve({ status: head.status, headers: head.headers, body });
    if (head.keepAlive) this.onIdle(true);
    else this.#destroy(new Error("closed after its answer"));
  }
}
