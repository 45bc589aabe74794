import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { ConnectTimeout, ProxyRefusal } from "./not-connected.js";
import type { ForwardProxy } from "./proxies.js";
import { OBJECTS } from "./reading-rules.js";
import { requestText } from "./request-text.js";
import { ResponseReader } from "./response-reader.js";

/** How TLS is spoken with a server or a proxy. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
}

/** The way to an origin. */
export interface Route {
  readonly origin: URL;
  /** For an https origin. */
  readonly tls: TlsOptions | undefined;
  /** With `tls`, where it is a proxy of https. */
  readonly proxy: (ForwardProxy & { readonly tls: TlsOptions | undefined }) | undefined;
  /** Milliseconds for all steps together; 0: no limit. */
  readonly connectTimeoutMs: number;
}

/** Takes what a connection brings; `bytes` are valid during the call only. */
export type OnBytes = (bytes: Buffer) => void;

/** Every connection reads into this: what it brought is taken before the next one reads. */
const READ = Buffer.allocUnsafeSlow(256 * 1024);

/** `host:port` as CONNECT names it (RFC 9110, 9.3.6): an IPv6 address in brackets, the port always. */
function authority({ hostname, port }: URL): string {
  return `${hostname}:${port || 443}`;
}

function connectRequest(origin: URL, { authorization }: ForwardProxy): string {
  const target = authority(origin);
  const user: Record<string, string> =
    authorization === undefined ? {} : { "proxy-authorization": authorization };
  return requestText("CONNECT", target, { host: target, ...user });
}

const intoBuffer = (onBytes: OnBytes) => (size: number) => {
  onBytes(READ.subarray(0, size));
  return true;
};

/** @param over the socket that TLS is spoken over; absent: one of its own */
function connect(url: URL, tls: TlsOptions | undefined, onBytes?: OnBytes, over?: Socket): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const place = over === undefined ? { host, port } : { host, socket: over };
  const reading = onBytes === undefined ? {} : { onread: { buffer: READ, callback: intoBuffer(onBytes) } };
  if (tls === undefined) return connectTcp({ host, port, ...reading });
  // An address is no server name (RFC 6066, 3): the certificate is compared with the host either way.
  const servername = isIP(host) ? {} : { servername: host };
  return connectTls({ ...place, ...tls, ...servername, ...reading, ALPNProtocols: ["http/1.1"] } as object);
}

/**
 * Looks at what a proxy has answered so far.
 *
 * @returns whether it has let the connection pass; false: more has to come
 * @throws ProxyRefusal
 */
function hasPassed(reader: ResponseReader, bytes: Buffer): boolean {
  try {
    reader.push(bytes);
  } catch {
    throw new ProxyRefusal("with something that is no HTTP");
  }
  const status = reader.response?.status;
  if (status === undefined) return false;
  if (status >= 300) throw new ProxyRefusal(status);
  // Before its TLS nothing comes from the server.
  if (reader.beyond.length > 0) throw new ProxyRefusal("with bytes behind its own response");
  return true;
}

/**
 * A connection to an origin being made: TCP, TLS with an https proxy, and for an https origin CONNECT and its own TLS.
 * One try, with one limit for all of it.
 */
export class Opening {
  readonly #timer: NodeJS.Timeout | undefined;
  /** The last is spoken over the one before. */
  readonly #sockets: Socket[] = [];
  #cause: Error | undefined;
  #waitsFor: string;

  constructor({ origin, proxy, connectTimeoutMs }: Route) {
    this.#waitsFor = `the connection to ${proxy === undefined ? origin.host : `the proxy ${proxy.url.host}`}`;
    const onTime = () => this.fail(new ConnectTimeout(this.#waitsFor, connectTimeoutMs));
    this.#timer = connectTimeoutMs > 0 ? setTimeout(onTime, connectTimeoutMs) : undefined;
  }

  /** Ends it. */
  fail(cause: Error): void {
    this.#cause ??= cause;
    this.#sockets.at(-1)?.destroy(this.#cause);
  }

  /**
   * @param onBytes for the socket that is returned
   * @returns a socket over which requests can go
   * @throws ConnectTimeout, ProxyRefusal; the system's or OpenSSL's error; what it was failed with
   */
  async open({ origin, tls, proxy }: Route, onBytes: OnBytes): Promise<Socket> {
    try {
      if (proxy === undefined) return await this.#ready(connect(origin, tls, onBytes), tls);
      if (tls === undefined) return await this.#ready(connect(proxy.url, proxy.tls, onBytes), proxy.tls);
      const tunnel = await this.#tunnel(origin, proxy);
      this.#waitsFor = `TLS with ${origin.host} through the proxy ${proxy.url.host}`;
      const socket = await this.#ready(connect(origin, tls, undefined, tunnel), tls);
      // Node reads into no buffer of ours what comes over another socket.
      return socket.on("data", onBytes);
    } catch (error) {
      for (const socket of this.#sockets) socket.destroy();
      throw error;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async #tunnel(origin: URL, proxy: NonNullable<Route["proxy"]>): Promise<Socket> {
    const socket = await this.#ready(connect(proxy.url, proxy.tls), proxy.tls);
    this.#waitsFor = `the response of the proxy ${proxy.url.host} to CONNECT`;
    await this.#passProxy(socket, connectRequest(origin, proxy));
    return socket;
  }

  #closed(): Error {
    const message = `the connection was closed while waiting for ${this.#waitsFor}`;
    return Object.assign(new Error(message), { code: "ECONNRESET" });
  }

  /** Waits until a socket is connected, which is what `fail` ends from now on. */
  #ready(socket: Socket, tls: TlsOptions | undefined): Promise<Socket> {
    this.#sockets.push(socket);
    return new Promise((resolve, reject) => {
      // It stays: the socket may break before it has another listener.
      socket.on("error", reject);
      socket.once("close", () => reject(this.#cause ?? this.#closed()));
      socket.once(tls === undefined ? "connect" : "secureConnect", () => resolve(socket.setNoDelay(true)));
      if (this.#cause !== undefined) socket.destroy(this.#cause);
    });
  }

  #passProxy(socket: Socket, request: string): Promise<void> {
    socket.write(request, "latin1");
    return new Promise((resolve, reject) => {
      // What answers CONNECT has no body when it lets the connection pass, and of any other the status is enough.
      const reader = new ResponseReader(OBJECTS, { bodiless: true });
      const onData = (bytes: Buffer) => {
        try {
          if (!hasPassed(reader, bytes)) return;
        } catch (error) {
          reject(error as Error);
          return;
        }
        socket.off("data", onData);
        socket.pause();
        resolve();
      };
      socket.on("data", onData);
      socket.once("error", reject);
      socket.once("close", () => reject(this.#closed()));
    });
  }
}
