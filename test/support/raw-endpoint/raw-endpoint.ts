import { createServer, type Server, type Socket } from "node:net";

/** One request as it came over the wire. */
export interface SeenRequest {
  readonly head: string;
  readonly target: string;
  /** When its head was complete, ms on a monotonic clock. */
  readonly at: number;
  /** The address that was dialled. */
  readonly address: string;
}

/** Writes an answer, byte for byte, and ends or leaves the connection as it likes. */
export type Script = (socket: Socket, request: SeenRequest) => void;

/**
 * A scripted TCP endpoint: knows no HTTP but the end of a request's head.
 *
 * @param choose  finds the script for a request; undefined breaks the connection off
 */
export function startRawEndpoint(
  address: string,
  port: number,
  choose: (request: SeenRequest) => Script | undefined,
  onConnection?: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    onConnection?.(socket);
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
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port, ipv6Only: true, backlog: 511 }, () => resolve(server));
  });
}
