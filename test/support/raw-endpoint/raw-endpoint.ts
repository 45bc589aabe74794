import { createServer, type Server, type Socket } from "node:net";
import { createServer as createSecureServer } from "node:tls";

/** One request as it came over the wire. */
export interface SeenRequest {
  readonly head: string;
  readonly target: string;
  /** When its head was complete, ms on a monotonic clock. */
  readonly at: number;
  /** The address that was dialled. */
  readonly address: string;
}

/** Writes a response, byte for byte, and ends or leaves the connection as it likes. */
export type Script = (socket: Socket, request: SeenRequest) => void;

/**
 * A scripted TCP endpoint: knows no HTTP but the end of a request's head.
 *
 * @param choose  finds the script for a request; undefined breaks the connection off
 * @param pair  a certificate and its key: speaks TLS
 */
export function startRawEndpoint(
  address: string,
  port: number,
  choose: (request: SeenRequest) => Script | undefined,
  pair?: { readonly cert: Buffer; readonly key: Buffer },
): Promise<Server> {
  const serve = (socket: Socket) => {
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (bytes) => {
      if (text.includes("\r\n\r\n")) return;
      text += bytes.toString("latin1");
      if (!text.includes("\r\n\r\n")) return;
      const target = text.split(" ")[1] ?? "";
      const request = { head: text, target, at: performance.now(), address };
      const script = choose(request);
      if (script === undefined) socket.destroy();
      else script(socket, request);
    });
    socket.on("end", () => socket.end());
  };
  const server = pair ? createSecureServer(pair, serve) : createServer({ allowHalfOpen: true }, serve);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, ipv6Only: true, backlog: 511 }, () => resolve(server));
  });
}
