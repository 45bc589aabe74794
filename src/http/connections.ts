import type { Stop } from "../s3/requests/stop.js";
import type { Answer, Sink } from "./answer.js";
import { type ConnectionOptions, DirectConnection } from "./connection.js";
import { isReset, lacksSocket, NoAnswer, Silence } from "./no-answer.js";
import type { WireRequest } from "./request.js";

/** Resolves when Node has read from every connection what had arrived by now: bytes that nobody asked for end theirs. */
const nextPoll = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

/**
 * Connections of our own to one origin, for what is read and for small objects: undici is made for everything, and costs
 * a copy and a buffer for each read. What these do not take is left to it: proxies, long bodies to send.
 */
export class DirectConnections {
  readonly #url: URL;
  readonly #options: ConnectionOptions;
  readonly #idle = new Set<DirectConnection>();
  readonly #all = new Set<DirectConnection>();
  /** So many are closed when they have nothing to do. */
  #surplus = 0;

  constructor(origin: string, options: ConnectionOptions) {
    this.#url = new URL(origin);
    this.#options = options;
  }

  /** @throws NoAnswer, what the sink threw, the reason of the stop */
  async send(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    // What is in an answer to GET can be compared with what was asked for, in others little can.
    if (request.method !== "GET" && this.#idle.size > 0) await nextPoll();
    const connection = request.isAlone === true ? undefined : this.#take();
    if (connection === undefined) return this.#sendNew(request, sink, stop);
    const { served } = connection;
    try {
      return await connection.send(request, sink, stop);
    } catch (error) {
      // Closed by the server for idleness, just when it was to be used again. One that is silent has it, and may work on it.
      const wasClosed = error instanceof NoAnswer && !(error.cause instanceof Silence);
      const stale = wasClosed && !error.begun && served > 0 && stop.reason === undefined;
      if (!stale) throw error;
      return this.#sendNew(request, sink, stop);
    }
  }

  #take(): DirectConnection | undefined {
    for (const connection of this.#idle) {
      this.#idle.delete(connection);
      if (!connection.isOld && !connection.isEnded) return connection;
      connection.destroy(new Error("idle for long"));
    }
    return undefined;
  }

  async #sendNew(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    try {
      return await this.#open().send(request, sink, stop);
    } catch (error) {
      // Few are borne, it seems: some are given up.
      if (isReset(error) || lacksSocket(error)) this.#surplus = Math.ceil(this.#all.size / 3);
      throw error;
    }
  }

  destroy(): void {
    for (const connection of [...this.#all]) connection.destroy(new Error("closed"));
  }

  #open(): DirectConnection {
    const connection = new DirectConnection(this.#url, this.#options);
    this.#all.add(connection);
    connection.onIdle = (usable) => {
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
