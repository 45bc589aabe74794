import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { ConnectTimeout, ProxyRefusal } from "../../http/not-connected.js";
import type { Stop } from "../requests/stop.js";
import type { ForwardProxy } from "./proxies.js";

/** How TLS is spoken with a server or a proxy. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
}

/** The way to an origin by a proxy. */
export interface Tunnel {
  readonly proxy: ForwardProxy;
  /** Undefined for a proxy of plain http. */
  readonly proxyTls: TlsOptions | undefined;
  readonly origin: URL;
  /** For an https origin; undefined: the requests go to the proxy itself. */
  readonly tls: TlsOptions | undefined;
  /** Milliseconds for all steps together; 0: no limit. */
  readonly connectTimeoutMs: number;
}

/** No proxy says as much before it lets the bytes pass. */
const LONGEST_ANSWER = 16 * 1024;

const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |\r\n)/;

/** `host:port` as CONNECT names it (RFC 9110, 9.3.6): an IPv6 address in brackets, the port always. */
function authority({ hostname, port }: URL): string {
  return `${hostname}:${port || 443}`;
}

function connectRequest({ origin, proxy }: Tunnel): string {
  const target = authority(origin);
  const lines = [`CONNECT ${target} HTTP/1.1`, `host: ${target}`];
  if (proxy.authorization !== undefined) lines.push(`proxy-authorization: ${proxy.authorization}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The connection being made: what is open of it, and what it is waiting for. */
class Opening {
  #socket: Socket | undefined;
  #cause: Error | undefined;
  waitsFor: string;

  /** @param proxy its host and port */
  constructor(proxy: string) {
    this.waitsFor = `the connection to the proxy ${proxy}`;
  }

  closed(): Error {
    const message = `the connection was closed while waiting for ${this.waitsFor}`;
    return Object.assign(new Error(message), { code: "ECONNRESET" });
  }

  /** Ends it, now or as soon as there is a socket. */
  fail(cause: Error): void {
    this.#cause ??= cause;
    this.#socket?.destroy(this.#cause);
  }

  /** Waits for an event of a socket, which is what `fail` ends from now on. */
  ready(socket: Socket, event: "connect" | "secureConnect"): Promise<Socket> {
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      // It stays: the socket may break before it has another listener.
      socket.on("error", reject);
      socket.once("close", () => reject(this.#cause ?? this.closed()));
      socket.once(event, () => resolve(socket.setNoDelay(true)));
      if (this.#cause !== undefined) socket.destroy(this.#cause);
    });
  }
}

function tlsOver(url: URL, tls: TlsOptions, more: object): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // An address is no server name (RFC 6066, 3): the certificate is compared with the host either way.
  const servername = isIP(host) ? {} : { servername: host };
  return connectTls({ host, ...tls, ...servername, ...more, ALPNProtocols: ["http/1.1"] } as object);
}

function openProxy({ proxy: { url }, proxyTls }: Tunnel, opening: Opening): Promise<Socket> {
  const port = Number(url.port || (proxyTls === undefined ? 80 : 443));
  if (proxyTls !== undefined) return opening.ready(tlsOver(url, proxyTls, { port }), "secureConnect");
  return opening.ready(connectTcp({ host: url.hostname.replace(/^\[|\]$/g, ""), port }), "connect");
}

/**
 * Looks at what a proxy has answered so far.
 *
 * @returns whether it has let the connection pass; undefined: more has to come
 * @throws ProxyRefusal
 */
function hasPassed(text: string): true | undefined {
  const isLong = text.length > LONGEST_ANSWER;
  for (let from = 0; ; ) {
    const end = text.indexOf("\r\n\r\n", from);
    if (end < 0 && !isLong) return undefined;
    const status = Number(STATUS_LINE.exec(text.slice(from, end + 4))?.[1]);
    if (isLong || Number.isNaN(status)) throw new ProxyRefusal("with something that is no HTTP");
    from = end + 4;
    // Before its TLS nothing comes from the server.
    if (status >= 200 && status < 300 && from === text.length) return true;
    if (status >= 200) throw new ProxyRefusal(status < 300 ? "with bytes behind its own answer" : status);
  }
}

function passProxy(socket: Socket, tunnel: Tunnel, opening: Opening): Promise<void> {
  socket.write(connectRequest(tunnel), "latin1");
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (bytes: Buffer) => {
      text += bytes.toString("latin1");
      try {
        if (hasPassed(text) === undefined) return;
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
    socket.once("end", () => reject(opening.closed()));
    socket.once("close", () => reject(opening.closed()));
  });
}

async function open(tunnel: Tunnel, opening: Opening): Promise<Socket> {
  const socket = await openProxy(tunnel, opening);
  const { origin, tls } = tunnel;
  if (tls === undefined) return socket;
  try {
    opening.waitsFor = `the answer of the proxy ${tunnel.proxy.url.host} to CONNECT`;
    await passProxy(socket, tunnel, opening);
    opening.waitsFor = `TLS with ${origin.host} through the proxy ${tunnel.proxy.url.host}`;
    return await opening.ready(tlsOver(origin, tls, { socket }), "secureConnect");
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * Connects to an origin by way of a proxy: TCP, TLS with an https proxy, and for an https origin CONNECT and its own TLS.
 * One try, with one limit for all of it.
 *
 * @param stop ends it at once
 * @returns a socket over which requests can go
 * @throws ConnectTimeout, ProxyRefusal; the system's or OpenSSL's error; the reason of the stop
 */
export async function openTunnel(tunnel: Tunnel, stop: Stop): Promise<Socket> {
  const opening = new Opening(tunnel.proxy.url.host);
  const { connectTimeoutMs } = tunnel;
  const onTime = () => opening.fail(new ConnectTimeout(opening.waitsFor, connectTimeoutMs));
  const timer = connectTimeoutMs > 0 ? setTimeout(onTime, connectTimeoutMs) : undefined;
  const release = stop.onStop((reason) => opening.fail(reason));
  try {
    return await open(tunnel, opening);
  } finally {
    clearTimeout(timer);
    release();
  }
}
