import type { SecureContext } from "node:tls";
import type { Environment } from "../context.js";
import type { Cancellation } from "./cancellation.js";
import { Connections } from "./connections.js";
import type { Route, TlsOptions } from "./open-socket.js";
import { proxyFor, readProxy } from "./proxies.js";
import type { WireRequest } from "./request.js";
import type { Response, Sink } from "./response.js";
import { secureContext } from "./trust.js";

/** How servers are reached. */
export interface WireOptions {
  /** PEM file of roots, in place of Node's own. */
  readonly caBundle: string | undefined;
  readonly verifySsl: boolean;
  /** Milliseconds; 0: no limit. */
  readonly connectTimeoutMs: number;
  /** Milliseconds of silence; 0: no limit. */
  readonly readTimeoutMs: number;
}

/** Requests to any origin, by connections that are kept for each, through a proxy where the environment names one. */
export class Wire {
  readonly #options: WireOptions;
  readonly #env: Environment;
  readonly #byOrigin = new Map<string, Connections>();
  #tls: SecureContext | undefined;

  constructor(options: WireOptions, env: Environment) {
    this.#options = options;
    this.#env = env;
  }

  /** As `Connections.send`. @throws Failure, at once, when the CA bundle or the proxy is unusable */
  send(request: WireRequest, sink: Sink | undefined, cancellation: Cancellation): Promise<Response> {
    const { origin } = request;
    const connections =
      this.#byOrigin.get(origin) ?? new Connections(this.#routeTo(origin), this.#options.readTimeoutMs);
    this.#byOrigin.set(origin, connections);
    return connections.send(request, sink, cancellation);
  }

  #routeTo(origin: string): Route {
    const url = new URL(origin);
    const address = proxyFor(url, this.#env);
    const proxy = address === undefined ? undefined : readProxy(address);
    return {
      origin: url,
      tls: this.#tlsWith(url),
      proxy: proxy && { ...proxy, tls: this.#tlsWith(proxy.url) },
      connectTimeoutMs: this.#options.connectTimeoutMs,
    };
  }

  #tlsWith({ protocol }: URL): TlsOptions | undefined {
    if (protocol !== "https:") return undefined;
    this.#tls ??= secureContext(this.#options.caBundle);
    return { secureContext: this.#tls, rejectUnauthorized: this.#options.verifySsl };
  }

  /** Ends every connection; requests in flight fail. */
  destroy(): void {
    for (const connections of this.#byOrigin.values()) connections.destroy();
  }
}
