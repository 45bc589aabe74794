import {
  Agent,
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { CERTIFICATE_FILE, TEST_TLS } from "../certificate/certificate.js";
import { parseRequest, type S3Request } from "../s3-server/s3-request.js";
import { breakOff, bytesUpTo, drip, sendOverlong } from "./broken-exchange.js";
import type { Fault, PassingResponse, Stage } from "./fault.js";

/** Chooses what goes wrong with a request; `count` is how many of its operation have come, itself included. */
export type FaultPlan = (request: S3Request, count: number) => Fault | undefined;

export interface FaultProxy {
  /** What the client under test takes for the server. */
  readonly url: string;
  readonly port: number;
  readonly certificateFile: string;
  /** A test sets it. */
  plan: FaultPlan;
  /** All requests that came, in order, those that a fault answered too. */
  readonly requests: readonly S3Request[];
  /** How many requests of an operation came. */
  count(operation: string): number;
  /** How many requests of an operation a fault struck. */
  struck(operation: string): number;
  /** Told of each request before anything else. A test sets it. */
  onRequest: ((request: S3Request) => void) | undefined;
  close(): Promise<void>;
}

const HOP_BY_HOP = /^(connection|keep-alive|transfer-encoding)$/;

/** A socket below TLS, which alone can be reset: Node keeps it as the parent of the secure one. */
function rawSocket(socket: Socket): Socket {
  return socket instanceof TLSSocket
    ? ((socket as TLSSocket & { _parent?: Socket })._parent ?? socket)
    : socket;
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Asks the server behind for its response, with the request's own headers, so that its signature holds. */
function forward(
  agent: Agent,
  target: URL,
  message: IncomingMessage,
  body: Buffer,
): Promise<PassingResponse> {
  return new Promise((resolve, reject) => {
    const path = (message.url ?? "/").replace(/^https?:\/\/[^/]*/, "") || "/";
    const { hostname: host, port } = target;
    const outgoing = requestHttp(
      { agent, host, port, path, method: message.method, headers: message.headers, setHost: false },
      (incoming) => {
        readAll(incoming).then((answer) => {
          const headers = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.test(name));
          resolve({
            status: incoming.statusCode ?? 0,
            headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
            body: answer,
          });
        }, reject);
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

function passOn(response: ServerResponse, answer: PassingResponse, isHead: boolean): void {
  const length = { "content-length": String(answer.body.length) };
  const hasLength = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, hasLength ? { ...length, ...answer.headers } : answer.headers);
  response.end(isHead ? undefined : answer.body);
}

/** What is sent before the break. Without any response the server is not asked either. */
async function bytesBefore(
  at: Stage,
  answer: () => Promise<PassingResponse>,
  isHead: boolean,
): Promise<Buffer> {
  return at === "request-body" || at === "before-answer"
    ? Buffer.alloc(0)
    : bytesUpTo(at, await answer(), isHead);
}

/** Lets a fault happen to an exchange whose request is complete. */
async function letHappen(
  fault: Fault,
  message: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<PassingResponse>,
): Promise<void> {
  const { socket } = message;
  const isHead = message.method === "HEAD";
  switch (fault.kind) {
    case "reset":
    case "close": {
      breakOff(socket, rawSocket(socket), fault.kind, await bytesBefore(fault.at, answer, isHead));
      return;
    }
    case "lost-answer":
      await answer();
      breakOff(socket, rawSocket(socket), "reset", Buffer.alloc(0));
      return;
    case "stall":
      socket.write(await bytesBefore(fault.at, answer, isHead));
      return;
    case "alter-request":
      passOn(response, await answer(), isHead);
      return;
    case "overlong":
      sendOverlong(socket, await answer(), fault.bytes);
      return;
    case "drip": {
      const { status, headers, body } = await answer();
      response.writeHead(status, { "content-length": String(body.length), ...headers });
      await drip((piece) => response.write(piece), body, fault.pieces, fault.pauseMs);
      response.end();
      return;
    }
    case "alter": {
      const changed = fault.change(await answer());
      const { "content-length": _, ...headers } = changed.headers;
      passOn(response, isHead ? changed : { ...changed, headers }, isHead);
      return;
    }
    default:
      passOn(response, fault.answer, isHead);
  }
}

/**
 * Stands between a client and the server at `target` (http) and lets what a plan says go wrong. Speaks TLS to the client
 * when asked. Takes requests in absolute form too: it may be the client's proxy (HTTP_PROXY) instead of its server.
 */
export async function startFaultProxy(target: string, options: { tls?: boolean } = {}): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const secure = options.tls === true;
  const requests: S3Request[] = [];
  const stricken: S3Request[] = [];
  const countOf = (list: readonly S3Request[], operation: string) =>
    list.filter((it) => it.operation === operation).length;
  const count = (operation: string) => countOf(requests, operation);

  const exchange = async (message: IncomingMessage, response: ServerResponse) => {
    const request = parseRequest(message, secure);
    requests.push(request);
    proxy.onRequest?.(request);
    const fault = proxy.plan(request, count(request.operation));
    if (fault !== undefined) stricken.push(request);
    if (fault?.kind === "early-answer") {
      response.shouldKeepAlive = false;
      passOn(response, fault.answer, false);
      return;
    }
    if ((fault?.kind === "reset" || fault?.kind === "close") && fault.at === "request-body") {
      const { kind } = fault;
      message.once("data", () => breakOff(message.socket, rawSocket(message.socket), kind, Buffer.alloc(0)));
      return;
    }
    const body = await readAll(message);
    const arrives = fault?.kind === "alter-request" ? fault.change(body) : body;
    const answer = () => forward(agent, new URL(target), message, arrives);
    if (fault === undefined) passOn(response, await answer(), message.method === "HEAD");
    else await letHappen(fault, message, response, answer);
  };
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    // A client that gave up, or was killed, is no business of the proxy's.
    exchange(message, response).catch(() => message.socket.destroy());
  };
  const server = secure ? createTlsServer(TEST_TLS, listener) : createServer(listener);
  server.on("checkContinue", listener);
  server.keepAliveTimeout = 20_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `${secure ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    certificateFile: CERTIFICATE_FILE,
    plan: () => undefined,
    requests,
    count,
    struck: (operation) => countOf(stricken, operation),
    onRequest: undefined,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
