import type { SecureContext } from "node:tls";
import type { buildConnector, Dispatcher } from "undici";
import type { Environment } from "../../context.js";
import { type Answer, isTaken, type Sink } from "../../http/answer.js";
import { DirectConnections } from "../../http/connections.js";
import { NoAnswer, SurplusBytes } from "../../http/no-answer.js";
import type { WireRequest } from "../../http/request.js";
import { secureContext } from "../../http/trust.js";
import { Stop } from "../requests/stop.js";
import type { StoreOptions } from "../store.js";
import { acceptingContinue } from "./continue.js";
import { exchange } from "./exchange.js";
import { type ForwardProxy, proxyFor, readProxy } from "./proxies.js";
import { openTunnel, type TlsOptions, type Tunnel } from "./tunnel.js";

type Options = Pick<StoreOptions, "caBundle" | "verifySsl" | "connectTimeoutMs" | "readTimeoutMs">;

/** Turns of the event loop until undici tells that it has closed a connection. */
const TURNS_TO_CLOSE = 5;

/** Longer than S3 keeps an idle connection open would be in vain, shorter would cost handshakes. */
const KEEP_ALIVE_MS = 4_000;

/** undici's for an origin, and what makes a request one that a proxy takes. */
interface Route {
  readonly dispatcher: Dispatcher;
  readonly addressed: (request: WireRequest) => WireRequest;
}

/** A request to a proxy itself: in absolute form (RFC 9112, 3.2.2). */
function toProxy(request: WireRequest, { url, authorization }: ForwardProxy): WireRequest {
  const path = `${request.origin}${request.path}`;
  const user: Record<string, string> =
    authorization === undefined ? {} : { "proxy-authorization": authorization };
  return { ...request, origin: url.origin, path, headers: { ...request.headers, ...user } };
}

/** One dispatcher of undici for each origin, through a proxy where the environment names one. */
export class Dispatchers {
  readonly #options: Options;
  readonly #env: Environment;
  readonly #connections: number;
  readonly #byOrigin = new Map<string, Promise<Route>>();
  readonly #directByOrigin = new Map<string, DirectConnections | undefined>();
  #tls: SecureContext | undefined;
  readonly #end = new Stop();
  /** Connections that undici has ended because more came than the answer. */
  #surplus = 0;

  /** @param connections the most connections to one origin */
  constructor(options: Options, env: Environment, connections: number) {
    this.#options = options;
    this.#env = env;
    this.#connections = connections;
  }

  #for(origin: string): Promise<Route> {
    let route = this.#byOrigin.get(origin);
    if (route === undefined) {
      route = this.#make(origin);
      this.#byOrigin.set(origin, route);
    }
    return route;
  }

  /** As `exchange`, through undici. @throws Failure when the CA bundle or the proxy is unusable */
  async exchange(request: WireRequest, sink: Sink | undefined, stop: Stop): Promise<Answer> {
    const isAlone = request.isAlone === true;
    const { dispatcher, addressed } = await (isAlone
      ? this.#make(request.origin)
      : this.#for(request.origin));
    try {
      const answer = await exchange(dispatcher, addressed(request), sink, stop);
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

  async #make(origin: string): Promise<Route> {
    const { Pool, buildConnector, kParser } = await import("../libraries/undici.js");
    const pool = (to: string, connect: buildConnector.connector): Dispatcher =>
      this.#watched(new Pool(to, { ...common, connect: acceptingContinue(connect, kParser) }));
    const url = new URL(origin);
    const { connectTimeoutMs, readTimeoutMs } = this.#options;
    const common = {
      connections: this.#connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
    };
    const tls = url.protocol === "https:" ? this.#tlsOptions() : undefined;
    const address = proxyFor(url, this.#env);
    if (address === undefined) {
      const dispatcher = pool(origin, buildConnector({ timeout: connectTimeoutMs, ...tls }));
      return { dispatcher, addressed: (request) => request };
    }
    const proxy = readProxy(address);
    const proxyTls = proxy.url.protocol === "https:" ? this.#tlsOptions() : undefined;
    const tunnel = { proxy, proxyTls, origin: url, tls, connectTimeoutMs };
    return {
      dispatcher: pool(tls === undefined ? proxy.url.origin : origin, this.#connector(tunnel)),
      addressed: (request) => (tls === undefined ? toProxy(request, proxy) : request),
    };
  }

  /** Ours in place of undici's own way through proxies, which has no limits, and connects again for ever by itself. */
  #connector(tunnel: Tunnel): buildConnector.connector {
    return (_, done) => {
      openTunnel(tunnel, this.#end).then(
        (socket) => done(null, socket),
        (error) => done(error, null),
      );
    };
  }

  #tlsOptions(): TlsOptions {
    this.#tls ??= secureContext(this.#options.caBundle);
    return { secureContext: this.#tls, rejectUnauthorized: this.#options.verifySsl };
  }

  /** Connections of our own to an origin; undefined where a proxy stands before it. */
  direct(origin: string): DirectConnections | undefined {
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
    this.#end.stop(new Error("closed"));
    for (const direct of this.#directByOrigin.values()) direct?.destroy();
    const routes = [...this.#byOrigin.values()];
    this.#byOrigin.clear();
    await Promise.allSettled(routes.map(async (route) => (await route).dispatcher.destroy()));
  }
}
