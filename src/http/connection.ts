import type { Socket } from "node:net";
import type { Cancellation } from "./cancellation.js";
import { NoResponse, Silence, SurplusBytes, unreadable } from "./no-response.js";
import { Opening, type Route } from "./open-socket.js";
import { OBJECTS } from "./reading-rules.js";
import type { WireRequest } from "./request.js";
import { requestText } from "./request-text.js";
import type { Response, Sink } from "./response.js";
import { ResponseReader } from "./response-reader.js";

/** Shorter than servers keep an idle connection. */
const KEEP_ALIVE_MS = 4_000;

/** Milliseconds that a server is given to close a connection as it was asked to. */
const LONGEST_CLOSING_MS = 1_000;

/** A request under way. */
interface Exchange {
  readonly request: WireRequest;
  /** The request's head, one character a byte. */
  readonly text: string;
  readonly reader: ResponseReader;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
  readonly release: () => void;
  /** All of the request has been written. */
  isSent: boolean;
}

/**
 * Looks at what stands behind the end of a response. Empty lines are harmless; where anything else follows, this may be the
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

/** As `isClean`; a body behind the response to HEAD, which some servers send, is passed over. */
function isCleanHead(beyond: Buffer): boolean {
  if (beyond.length > 0 && beginsResponse(beyond)) throw new SurplusBytes();
  return beyond.length === 0;
}

function beginsResponse(bytes: Buffer): boolean {
  const start = "HTTP/";
  return start.startsWith(bytes.toString("latin1", 0, start.length));
}

function answer({ release, resolve, reader }: Exchange): void {
  release();
  resolve(reader.response as Response);
}

function closed(): Error {
  return Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" });
}

/** Hands bytes to the system, which has taken them when the promise is fulfilled. */
function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * One connection to an origin: requests one after the other; bodies go straight from where they are read into the socket,
 * and from the socket into their sinks.
 */
export class Connection {
  readonly #opening: Opening;
  readonly #readTimeoutMs: number;
  /** Absent until it is connected. */
  #socket: Socket | undefined;
  #exchange: Exchange | undefined;
  /** Set before the socket is destroyed, to be the cause. */
  #cause: Error | undefined;
  /** The response to HEAD has come, and the server is to close the connection. */
  #endsHead = false;
  /** Runs from when it is ready, and from the end of each response. */
  #aging: NodeJS.Timeout | undefined;
  /** Called when it can take another request (true), or never again. */
  onIdle: (usable: boolean) => void = () => undefined;

  /** @param readTimeoutMs of silence, where a request has no limit of its own; 0: no limit */
  constructor(route: Route, readTimeoutMs: number) {
    this.#readTimeoutMs = readTimeoutMs;
    this.#opening = new Opening(route);
    this.#opening
      .open(route, (bytes) => this.#onBytes(bytes))
      .then(
        (socket) => this.#connected(socket),
        (error) => this.#fail(this.#cause ?? error),
      );
  }

  #connected(socket: Socket): void {
    this.#socket = socket;
    socket.on("timeout", () => this.#onTimeout(socket));
    socket.on("error", (error) => this.destroy(error));
    socket.on("end", () => this.#onEnd());
    socket.on("close", () => {
      clearTimeout(this.#aging);
      this.#fail(this.#cause ?? closed());
    });
    if (this.#exchange !== undefined) this.#write(socket, this.#exchange);
    else this.#rest();
  }

  /** Timers run before sockets are read: after a standstill of our own (docker pause) the response may be there already. */
  #onTimeout(socket: Socket): void {
    const { bytesRead } = socket;
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) this.destroy(new Silence(socket.timeout as number));
    });
  }

  /** @throws NoResponse, what the sink threw, the reason of the cancellation */
  send(request: WireRequest, sink: Sink | undefined, cancellation: Cancellation): Promise<Response> {
    const { method, path, headers, onKept, rules = OBJECTS } = request;
    const text = requestText(method, path, headers);
    return new Promise((resolve, reject) => {
      const release = cancellation.onCancel((reason) => {
        reject(reason);
        this.destroy(reason);
      });
      const reader = new ResponseReader(rules, { bodiless: method === "HEAD", sink, onKept });
      const exchange = { request, text, reader, resolve, reject, release, isSent: false };
      this.#exchange = exchange;
      if (this.#socket !== undefined) this.#write(this.#socket, exchange);
    });
  }

  #write(socket: Socket, exchange: Exchange): void {
    const { text, request } = exchange;
    const { body, silenceMs, onStart } = request;
    const limit = silenceMs ?? this.#readTimeoutMs;
    // It runs anew at every write by itself.
    if (socket.timeout !== limit) socket.setTimeout(limit);
    onStart?.();
    if (body === undefined || Buffer.isBuffer(body)) {
      exchange.isSent = true;
      if (body === undefined) socket.write(text, "latin1");
      else socket.write(Buffer.concat([Buffer.from(text, "latin1"), body]));
      return;
    }
    socket.write(text, "latin1");
    this.#stream(socket, body, exchange).catch((error) => this.destroy(error));
  }

  /** Each chunk may be overwritten when the next is asked for. */
  async #stream(socket: Socket, body: Iterable<Uint8Array>, exchange: Exchange): Promise<void> {
    for (const chunk of body) {
      await written(socket, chunk);
      if (this.#exchange !== exchange) return;
    }
    exchange.isSent = true;
  }

  /** Idle for so long that the server may be about to close it. */
  #retire(): void {
    if (this.#exchange === undefined) this.destroy(new Error("idle for long"));
  }

  /** It is being closed. */
  get isEnded(): boolean {
    return this.#cause !== undefined;
  }

  destroy(cause: Error): void {
    this.#cause ??= cause;
    this.#opening.fail(cause);
  }

  #fail(cause: Error): void {
    const exchange = this.#exchange;
    exchange?.release();
    exchange?.reject(new NoResponse(cause, exchange.reader.begun));
    this.onIdle(false);
  }

  #onBytes(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange !== undefined) this.#take(exchange, bytes);
    // Of a body behind the response to HEAD, as `isCleanHead`; else bytes that nobody asked for.
    else if (!this.#endsHead || beginsResponse(bytes)) this.destroy(new SurplusBytes());
  }

  #take(exchange: Exchange, bytes: Buffer): void {
    const { reader, request } = exchange;
    let clean: boolean;
    let busy: Promise<void> | undefined;
    try {
      reader.push(bytes);
      // Before the sink is told of a response that may be another's.
      clean = isClean(reader.beyond, request.method === "HEAD");
    } catch (error) {
      return void this.destroy(unreadable(error));
    }
    try {
      busy = reader.deliver();
    } catch (refusal) {
      exchange.reject(refusal as Error);
      return void this.destroy(refusal as Error);
    }
    if (reader.done) this.#done(exchange, clean && reader.keepAlive);
    else if (busy !== undefined) this.#pause(busy);
  }

  /** Reads nothing until what takes the body is ready for more; meanwhile the server's silence is not its own. */
  #pause(busy: Promise<void>): void {
    const socket = this.#socket;
    if (socket === undefined || socket.isPaused()) return;
    const silenceMs = socket.timeout as number;
    socket.pause();
    socket.setTimeout(0);
    const resume = () => {
      socket.setTimeout(silenceMs);
      socket.resume();
    };
    busy.then(resume, resume);
  }

  /** The server has finished: that ends a body of no length. */
  #onEnd(): void {
    const exchange = this.#exchange;
    if (exchange?.reader.end()) this.#done(exchange, false);
    else this.destroy(closed());
  }

  #done(exchange: Exchange, isReusable: boolean): void {
    const { reader, request, isSent } = exchange;
    this.#exchange = undefined;
    if (request.isAlone && isSent && !reader.begun) return void this.#awaitEnd(exchange);
    // What has not been sent of a request would be taken for another, and its memory is free after the response.
    const isKept = isReusable && isSent;
    if (!isKept) this.destroy(new Error("not to be used again"));
    answer(exchange);
    if (isKept) this.#rest();
  }

  /** Ready for a request, for as long as servers bear. */
  #rest(): void {
    this.#aging ??= setTimeout(() => this.#retire(), KEEP_ALIVE_MS).unref();
    this.#aging.refresh();
    this.onIdle(true);
  }

  /** The server has been asked to close the connection behind its response: more bytes before that would be another one. */
  #awaitEnd(exchange: Exchange): void {
    this.#endsHead = exchange.request.method === "HEAD";
    const timer = setTimeout(() => this.destroy(new Error("not closed by the server")), LONGEST_CLOSING_MS);
    this.#socket?.once("close", () => {
      clearTimeout(timer);
      if (!(this.#cause instanceof SurplusBytes)) return answer(exchange);
      exchange.release();
      exchange.reject(new NoResponse(this.#cause, false));
    });
  }
}
