import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { TEST_TLS } from "../certificate/certificate.js";

export interface ConnectProxy {
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** The `host:port` of each CONNECT. */
  readonly tunnels: readonly string[];
  /** Method and target of each request that it has passed on itself. */
  readonly passed: readonly string[];
  /** Connections that were made to it. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Passes on a request whose target has the absolute form (RFC 9112, 3.2.2); any other is refused with 400. */
function passOn(asked: IncomingMessage, response: ServerResponse): void {
  const { "proxy-authorization": _user, ...headers } = asked.headers;
  const { method = "", url = "" } = asked;
  if (!url.startsWith("http://")) return void response.writeHead(400).end();
  const upstream = request(url, { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on("error", () => response.destroy());
  asked.pipe(upstream);
}

/**
 * A forward proxy.
 *
 * @param tls is how it is spoken to itself
 * @param leadsTo the port on loopback that every tunnel leads to, whatever host was asked for
 * @param user `NAME:PASSWORD` that it wants to be told; who does not tell is answered with 407
 */
export async function startConnectProxy(tls = false, leadsTo?: number, user?: string): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const passed: string[] = [];
  let connections = 0;
  const isKnown = ({ headers }: IncomingMessage) =>
    user === undefined || headers["proxy-authorization"] === `Basic ${Buffer.from(user).toString("base64")}`;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const answer = (asked: IncomingMessage, response: ServerResponse) => {
    passed.push(`${asked.method} ${asked.url}`);
    if (isKnown(asked)) passOn(asked, response);
    else response.writeHead(407).end();
  };
  const server = tls ? createTlsServer(TEST_TLS, answer) : createServer(answer);
  server.on("connection", () => connections++);
  server.on("connect", (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    tunnels.push(asked.url ?? "");
    if (!isKnown(asked)) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const [host, port] = (asked.url ?? "").split(":");
    const upstream = connect(leadsTo ?? Number(port), leadsTo === undefined ? host : "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    keep(socket);
    keep(upstream);
    // What breaks on one side breaks on the other.
    upstream.once("close", () => socket.destroy());
    socket.once("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    passed,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
