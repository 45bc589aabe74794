import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

import { TEST_TLS } from "../certificate/certificate.js";

export interface ConnectProxy {
  /** For HTTPS_PROXY. */
  readonly url: string;
  /** The `host:port` of each CONNECT. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/**
 * A forward proxy that only tunnels: what a client uses for https endpoints.
 *
 * @param tls is how it is spoken to itself
 * @param leadsTo the port on loopback that every tunnel leads to, whatever host was asked for
 */
export async function startConnectProxy(tls = false, leadsTo?: number): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const refuse: RequestListener = (_, response) => void response.writeHead(405).end();
  const server = tls ? createTlsServer(TEST_TLS, refuse) : createServer(refuse);
  server.on("connect", (request, socket: Socket, head: Buffer) => {
    tunnels.push(request.url ?? "");
    const [asked, port] = (request.url ?? "").split(":");
    const host = leadsTo === undefined ? asked : "127.0.0.1";
    const upstream = connect(leadsTo ?? Number(port), host, () => {
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
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
