import type { Cancellation } from "./cancellation.js";
import { Connection } from "./connection.js";
import { isReset, isUnreadable, lacksSocket, NoResponse, Silence } from "./no-response.js";
import type { Route } from "./open-socket.js";
import { toProxy } from "./proxies.js";
import type { WireRequest } from "./request.js";
import type { Response, Sink } from "./response.js";

/** Resolves when Node has read from every connection what had arrived by now: bytes that nobody asked for end theirs. */
const nextPoll = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/** What is streamed has been read by then. */
function mayResend({ isRepeatable, body }: WireRequest): boolean {
  return isRepeatable === true && (body === undefined || Buffer.isBuffer(body));
}

/** Connections to one origin, kept for the next request; a proxy stands before it or not. */
export class Connections {
  readonly #route: Route;
  readonly #readTimeoutMs: number;
  readonly #idle = new Set<Connection>();
  readonly #all = new Set<Connection>();
  /** Being opened for requests that are to come. */
  readonly #ahead = new Set<Connection>();
  /** The most that have been asked for ahead; the first request opens one in any case. */
  #most = 1;
  /** So many are closed when they have nothing to do. */
  #surplus = 0;

  /** @param readTimeoutMs of silence, where a request has no limit of its own; 0: no limit */
  constructor(route: Route, readTimeoutMs: number) {
    this.#route = route;
    this.#readTimeoutMs = readTimeoutMs;
  }

  /**
   * One request and its response, whatever the status.
   *
   * @param stop ends it at once
   * @throws NoAnswer when none came or it broke off; what the sink threw; the reason of the cancellation
   */
  async send(asked: WireRequest, sink: Sink | undefined, cancellation: Cancellation): Promise<Response> {
    const { proxy, tls } = this.#route;
    const request = proxy === undefined || tls !== undefined ? asked : toProxy(asked, proxy);
    // What is in a response to GET can be compared with what was asked for, in others little can.
    if (request.method !== "GET" && this.#idle.size > 0) await nextPoll();
    const connection = request.isAlone === true ? undefined : this.#take();
    if (connection === undefined) {
      const response = this.#sendNew(request, sink, cancellation);
      this.#openAhead(request.connections);
      return response;
    }
    try {
      return await connection.send(request, sink, cancellation);
    } catch (error) {
      // Closed by the server for idleness, just when it was to be used again. One that is silent has it, and may work on it.
      const wasClosed =
        error instanceof NoResponse && !(error.cause instanceof Silence) && !isUnreadable(error);
      if (!wasClosed || error.begun || !mayResend(request)) throw error;
      return this.#sendNew(request, sink, cancellation);
    }
  }

  #take(): Connection | undefined {
    for (const ready of [this.#idle, this.#ahead]) {
      for (const connection of ready) {
        ready.delete(connection);
        if (!connection.isEnded) return connection;
      }
    }
    return undefined;
  }

  /** Has so many connections: they are made while the first response is awaited. Once: what fails then is left. */
  #openAhead(count = 1): void {
    if (this.#most >= count) return;
    this.#most = count;
    while (this.#all.size < count) this.#ahead.add(this.#open());
  }

  async #sendNew(
    request: WireRequest,
    sink: Sink | undefined,
    cancellation: Cancellation,
  ): Promise<Response> {
    try {
      return await this.#open().send(request, sink, cancellation);
    } catch (error) {
      // Few are borne, it seems: some are given up.
      if (isReset(error) || lacksSocket(error)) this.#surplus = Math.ceil(this.#all.size / 3);
      throw error;
    }
  }

  /** Ends every connection; requests in flight fail. */
  destroy(): void {
    for (const connection of [...this.#all]) connection.destroy(new Error("closed"));
  }

  #open(): Connection {
    const connection = new Connection(this.#route, this.#readTimeoutMs);
    this.#all.add(connection);
    connection.onIdle = (usable) => {
      this.#ahead.delete(connection);
      if (usable && this.#surplus === 0) return void this.#idle.add(connection);
      if (usable) {
        this.#surplus--;
        connection.destroy(new Error("closed"));
      }
      this.#idle.delete(connection);
      this.#all.delete(connection);
    };
    return connection;
  }
}
