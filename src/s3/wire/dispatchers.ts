import { isIP } from "node:net";
import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import type { Environment } from "../../context.js";
import { proxyUnusable } from "../failures.js";
import type { Stop } from "../requests/stop.js";
import type { StoreOptions } from "../store.js";
import { DirectConnections } from "./direct/connections.js";
import {
  type Answer,
  exchange,
  isTaken,
  NoAnswer,
  type Sink,
  SurplusBytes,
  type WireRequest,
} from "./exchange.js";
import { proxyFor } from "./proxies.js";
import { secureContext } from "./trust.js";

type Options = Pick<StoreOptions, "caBundle" | "verifySsl" | "connectTimeoutMs" | "readTimeoutMs">;

/** Turns of the event loop until undici tells that it has closed a connection. */
const TURNS_TO_CLOSE = 5;

/** Longer than S3 keeps an idle connection open would be in vain, shorter would cost handshakes. */
const KEEP_ALIVE_MS = 4_000;

type Connect = (options: object, done: unknown) => void;

/** An address is no server name (RFC 6066, 3): Node warns of one. The certificate is compared with the host either way. */
function withoutAddress(options: { readonly servername?: string }): object {
  return isIP(options.servername ?? "") === 0 ? options : { ...options, servername: undefined };
}

/** One dispatcher of undici for each origin, through a proxy where the environment names one. */
export class Dispatchers {
  readonly #options: Options;
  readonly #env: Environment;
  readonly #connections: number;
  readonly #byOrigin = new Map<string, Promise<Dispatcher>>();
  readonly #directByOrigin = new Map<string, DirectConnections | undefined>();
  readonly #odd = new Set<string>();
  #tls: SecureContext | undefined;
  /** Connections that undici has ended because more came than the answer. */
  #surplus = 0;

  /** @param connections the most connections to one origin */
  constructor(options: Options, env: Environment, connections: number) {
    this.#options = options;
    this.#env = env;
    this.#connections = connections;
  }

  #for(origin: string): Promise<Dispatcher> {
    let dispatcher = this.#byOrigin.get(origin);
    if (dispatcher === undefined) {
      dispatcher = this.#make(origin);
      this.#byOrigin.set(origin, dispatcher);
    }
    return dispatcher;
  }

  /** As `exchange`, through undici. @throws Failure when the CA bundle or the proxy is unusable */
  async exchange(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    const isAlone = request.isAlone === true;
    const dispatcher = await (isAlone ? this.#make(request.origin) : this.#for(request.origin));
    try {
      const answer = await exchange(dispatcher, request, sink, stop);
      if (await this.#hasSurplus()) throw new NoAnswer(new SurplusBytes(), isTaken(sink, answer));
      return answer;
    } finally {
      if (isAlone) await dispatcher.destroy();
    }
  }

  /** Whether more came than the answer: undici takes it before it looks at what follows, and closes the connection then. */
  async #hasSurplus(): Promise<boolean> {
    const before = this.#surplus;
    for (let turn = 0; turn < TURNS_TO_CLOSE; turn++)
      await new Promise<void>((resolve) => setImmediate(resolve));
    // Of whatever connection: another try does no harm.
    return this.#surplus !== before;
  }

  #watched(dispatcher: Dispatcher): Dispatcher {
    return dispatcher.on("disconnect", (_origin, _targets, error) => {
      if (error.name === "HTTPParserError" || error.message === "bad response") this.#surplus++;
    });
  }

  async #make(origin: string): Promise<Dispatcher> {
    const { Pool, ProxyAgent } = await import("../libraries/undici.js");
    const url = new URL(origin);
    const common = {
      connections: this.#connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: this.#options.readTimeoutMs,
      bodyTimeout: this.#options.readTimeoutMs,
    };
    const connect = { timeout: this.#options.connectTimeoutMs };
    const tls = url.protocol === "https:" ? { ...connect, ...this.#tlsOptions() } : connect;
    const proxy = proxyFor(url, this.#env);
    if (proxy === undefined) return this.#watched(new Pool(origin, { ...common, connect: tls }));
    if (!/^https?:/i.test(proxy)) throw proxyUnusable(undefined);
    try {
      // A proxy for http: origins takes absolute-form requests; many allow CONNECT to port 443 only.
      return new ProxyAgent({
        ...common,
        uri: proxy,
        clientFactory: (url, { connect: to }: { connect: Connect }) =>
          new Pool(url, {
            connect: (options: object, done: unknown) => to(withoutAddress(options), done),
          } as object),
        factory: (to, options) => this.#watched(new Pool(to, options as object)),
        proxyTunnel: url.protocol === "https:",
        requestTls: tls as object,
        proxyTls: { ...connect, ...(proxy.startsWith("https:") ? this.#tlsOptions() : {}) } as object,
      });
    } catch (error) {
      throw proxyUnusable(error);
    }
  }

  #tlsOptions(): { secureContext: SecureContext; rejectUnauthorized: boolean } {
    this.#tls ??= secureContext(this.#options.caBundle);
    return { secureContext: this.#tls, rejectUnauthorized: this.#options.verifySsl };
  }

  /** An origin has answered in an odd form: it is undici's from now on, or each request would be made twice. */
  leaveDirect(origin: string): void {
    this.#odd.add(origin);
  }

  /** Connections of our own to an origin; undefined where a proxy stands before it, or its answers are odd. */
  direct(origin: string): DirectConnections | undefined {
    if (this.#odd.has(origin)) return undefined;
    let direct = this.#directByOrigin.get(origin);
    if (direct === undefined && !this.#directByOrigin.has(origin)) {
      const url = new URL(origin);
      const { connectTimeoutMs, readTimeoutMs } = this.#options;
      const tls = url.protocol === "https:" ? { tls: this.#tlsOptions() } : {};
      if (proxyFor(url, this.#env) === undefined)
        direct = new DirectConnections(origin, { connectTimeoutMs, readTimeoutMs, ...tls });
      this.#directByOrigin.set(origin, direct);
    }
    return direct;
  }

  /** Ends every connection; requests in flight fail. */
  async destroy(): Promise<void> {
    for (const direct of this.#directByOrigin.values()) direct?.destroy();
    const dispatchers = [...this.#byOrigin.values()];
    this.#byOrigin.clear();
    await Promise.allSettled(dispatchers.map(async (dispatcher) => (await dispatcher).destroy()));
  }
}
