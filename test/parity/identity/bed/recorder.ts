import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { HostCertificate } from "./certificate.js";
import { answerContainer } from "./container.js";
import { answerInstance } from "./instance.js";
import { answerS3 } from "./s3.js";
import { answerPortal } from "./sso.js";
import { answerSts } from "./sts.js";

/** A request as it came. */
export interface Recorded {
  /** `https://sts.us-east-1.amazonaws.com`: the scheme and the Host field. */
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The fields of a form. */
  readonly form: URLSearchParams;
  /** Who it was taken for. */
  readonly service: Service;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const SERVICES = {
  container: answerContainer,
  instance: answerInstance,
  sts: answerSts,
  portal: answerPortal,
  s3: answerS3,
};
type Service = keyof typeof SERVICES;

/** By address and path where those are the service's own; what is sent to STS is a form with an action. */
function serviceOf(host: string, path: string, form: URLSearchParams): Service {
  if (host.startsWith("169.254.169.254") || path.startsWith("/latest/")) return "instance";
  if (host.startsWith("169.254.170.2") || path.startsWith("/container/")) return "container";
  if (form.has("Action")) return "sts";
  return host.startsWith("portal.sso.") || host.startsWith("oidc.") ? "portal" : "s3";
}

/** One server in the place of S3, STS, the container's endpoint and the instance, which keeps what it was sent. */
export class Recorder {
  readonly #servers: Server[] = [];
  /** In the order in which they came. */
  readonly #requests: Recorded[] = [];

  /** Takes what was recorded so far away. */
  take(): Recorded[] {
    return this.#requests.splice(0);
  }

  async handle(message: IncomingMessage, response: ServerResponse, scheme: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const url = new URL(message.url ?? "/", "http://any");
    const headers = message.headers as Record<string, string | undefined>;
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
    const form = new URLSearchParams(isForm ? Buffer.concat(chunks).toString() : "");
    const host = headers.host ?? "";
    const service = serviceOf(host, url.pathname, form);
    const request: Recorded = {
      origin: `${scheme}://${host}`,
      method: message.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers,
      form,
      service,
    };
    this.#requests.push(request);
    const { status, headers: more = {}, body = "" } = SERVICES[service](request);
    response.writeHead(status, { "content-length": Buffer.byteLength(body), ...more });
    response.end(message.method === "HEAD" ? undefined : body);
  }

  #listener(scheme: string) {
    return (message: IncomingMessage, response: ServerResponse) => {
      this.handle(message, response, scheme).catch(() => response.destroy());
    };
  }

  async #listen(server: Server, port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** @returns the port, which is a free one where 0 is given */
  listen(port: number, host: string): Promise<number> {
    return this.#listen(createServer(this.#listener("http")), port, host);
  }

  listenSecurely({ certificate, key }: HostCertificate, port: number, host: string): Promise<number> {
    const files = { cert: readFileSync(certificate), key: readFileSync(key) };
    return this.#listen(createTlsServer(files, this.#listener("https")), port, host);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
