import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { TEST_TLS } from "./certificate/certificate.js";

/** How a client reaches the server: both are this one server. */
export const WAYS = [
  "http",
  "https",
  "http by a proxy of http",
  "https by a proxy of http",
  "https by a proxy of https",
] as const;
export type BreakingWay = (typeof WAYS)[number];

/** What the client is doing when the connection breaks. */
export const STAGES = ["TCP", "TLS with the proxy", "CONNECT", "TLS", "head", "body"] as const;
export type Stage = (typeof STAGES)[number];

/** How it breaks. */
export const BREAKS = ["closes", "resets", "is silent"] as const;
export type Break = (typeof BREAKS)[number];

/** The stages that a way has. */
export function stagesOf(way: BreakingWay): readonly Stage[] {
  return STAGES.filter((stage) => {
    if (stage === "CONNECT") return way.startsWith("https by");
    if (stage === "TLS") return way.startsWith("https");
    return stage !== "TLS with the proxy" || way === "https by a proxy of https";
  });
}

export interface BreakingServer {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** HTTP_PROXY or HTTPS_PROXY, where the way has a proxy. */
  readonly env: Readonly<Record<string, string>>;
  readonly connections: () => number;
  /** How often a connection has come as far as to be broken. */
  readonly struck: () => number;
  close(): Promise<void>;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\netag: "e"\r\n';

function onBytes(socket: Socket, end: string): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    const onData = (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (!text.includes(end)) return;
      socket.off("data", onData);
      resolve();
    };
    socket.on("data", onData);
  });
}

async function overTls(socket: Socket): Promise<Socket> {
  const tls = new TLSSocket(socket, { isServer: true, ...TEST_TLS });
  tls.on("error", () => undefined);
  await new Promise((resolve) => tls.once("secure", resolve));
  return tls;
}

/** Serves one connection up to the stage where it breaks. @returns when it is there */
async function serve(tcp: Socket, way: BreakingWay, stage: Stage): Promise<void> {
  if (stage === "TCP") return;
  let socket = tcp;
  if (way === "https by a proxy of https") {
    if (stage === "TLS with the proxy") return onBytes(tcp, "");
    socket = await overTls(socket);
  }
  if (way.startsWith("https by")) {
    await onBytes(socket, "\r\n\r\n");
    if (stage === "CONNECT") return;
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  }
  if (way.startsWith("https")) {
    if (stage === "TLS") return onBytes(socket, "");
    socket = await overTls(socket);
  }
  await onBytes(socket, "\r\n\r\n");
  const sent = stage === "head" ? HEAD : `${HEAD}\r\n0123456789`;
  await new Promise<unknown>((resolve) => socket.write(sent, resolve));
}

/** A server, with the proxy before it where there is one, each of whose connections breaks at one stage. */
export async function startBreakingServer(
  way: BreakingWay,
  stage: Stage,
  how: Break,
): Promise<BreakingServer> {
  const sockets = new Set<Socket>();
  let [connections, struck] = [0, 0];
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    void serve(socket, way, stage).then(() => {
      struck++;
      if (how === "closes") socket.destroy();
      else if (how === "resets") socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [scheme, proxy] = way.split(" by a proxy of ");
  return {
    url: `${scheme}://${place}`,
    env: proxy === undefined ? {} : { [`${scheme?.toUpperCase()}_PROXY`]: `${proxy}://${place}` },
    connections: () => connections,
    struck: () => struck,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
