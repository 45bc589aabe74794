import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KeyRing, type KnownKeys, ROLE_ARN } from "../key-ring.js";

export interface EndpointRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What to answer instead of keys. */
export interface EndpointResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CredentialEndpointOptions {
  /** Where the keys it hands out become good; a ring of its own by default. */
  readonly keys?: KeyRing;
  /** Life of the keys it hands out, in milliseconds; an hour by default. */
  readonly lifeMs?: number;
  /** Fields that replace those of the body; undefined leaves one out. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Where it listens; a free port of 127.0.0.1 by default. */
  readonly listen?: { readonly address: string; readonly port: number };
  /** Demanded as the Authorization header; anything else is answered with 403. */
  readonly token?: string;
  /** Answers instead of the keys; `count` starts at 1. Undefined: the keys after all. */
  readonly instead?: (request: EndpointRequest, count: number) => EndpointResponse | undefined;
}

export interface CredentialEndpoint {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The full URI of the credentials, for `--uri` and AWS_CONTAINER_CREDENTIALS_FULL_URI. */
  readonly uri: string;
  /** The path alone, for AWS_CONTAINER_CREDENTIALS_RELATIVE_URI. */
  readonly relativeUri: string;
  readonly port: number;
  readonly keys: KeyRing;
  /** Each set of keys that was handed out, the latest last. */
  readonly issued: readonly KnownKeys[];
  readonly requests: readonly EndpointRequest[];
  close(): Promise<void>;
}

const PATH = "/v2/credentials/7f0c9d52-5b9e-4e0a-9d4e-2f1f6a1b3c4d";

/** As the ECS agent answers: whole seconds, `Z`. */
function body(keys: KnownKeys, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    RoleArn: ROLE_ARN,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: new Date(keys.expiresAt ?? 0).toISOString().replace(/\.\d+Z$/, "Z"),
    ...fields,
  });
}

function send(response: ServerResponse, answer: EndpointResponse): void {
  response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
  response.end(answer.body);
}

/** Starts a container credential endpoint on loopback: fresh keys of one role at every request. */
export async function startCredentialEndpoint(
  options: CredentialEndpointOptions = {},
): Promise<CredentialEndpoint> {
  const keys = options.keys ?? new KeyRing();
  const issued: KnownKeys[] = [];
  const requests: EndpointRequest[] = [];

  const answer = (request: EndpointRequest): EndpointResponse => {
    const instead = options.instead?.(request, requests.length);
    if (instead !== undefined) return instead;
    if (options.token !== undefined && request.headers.authorization !== options.token) {
      return { status: 403, headers: { "content-type": "text/plain" }, body: "Forbidden" };
    }
    if (request.path !== PATH) {
      const message = "Credentials not found";
      return {
        status: 400,
        body: JSON.stringify({ code: "InvalidIdInRequest", message, HTTPErrorCode: 400 }),
      };
    }
    const fresh = keys.issue(Date.now() + (options.lifeMs ?? 3_600_000));
    issued.push(fresh);
    return { status: 200, body: body(fresh, options.fields ?? {}) };
  };

  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    const request = { method: message.method ?? "", path: message.url ?? "", headers: message.headers };
    requests.push(request);
    send(response, answer(request));
  });
  const { address, port: wanted } = options.listen ?? { address: "127.0.0.1", port: 0 };
  await new Promise<void>((resolve) => server.listen(wanted, address, resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://${address}:${port}`;
  return {
    url,
    uri: url + PATH,
    relativeUri: PATH,
    port,
    keys,
    issued,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
