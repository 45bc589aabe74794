import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KeyRing, type KnownKeys } from "../key-ring.js";

export interface MetadataRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What to answer instead; `silence` takes the request and never answers. */
export type MetadataResponse =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | "silence";

export interface InstanceMetadataOptions {
  /** Where the keys it hands out become good; a ring of its own by default. */
  readonly keys?: KeyRing;
  /** The name of the role; null: none is attached. `build-runner` by default. */
  readonly role?: string | null;
  /** Life of the keys it hands out, in milliseconds; six hours by default. Negative: expired ones. */
  readonly lifeMs?: number;
  /** Fields that replace those of the keys' body; undefined leaves one out. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Where it listens; a free port of 127.0.0.1 by default. */
  readonly listen?: { readonly address: string; readonly port: number };
  /** 1: the response to the request for a token does not reach who asks from within a container. */
  readonly hopLimit?: 1 | 2;
  /** The service is turned off: 403 for all. */
  readonly isOff?: boolean;
  /** How many requests a token is good for. */
  readonly tokenUses?: number;
  /** A path before all others. */
  readonly prefix?: string;
  /** Answers instead of the service; `count` starts at 1. Undefined: the service after all. */
  readonly instead?: (request: MetadataRequest, count: number) => MetadataResponse | undefined;
}

export interface InstanceMetadata {
  /** `http://127.0.0.1:PORT`, with the prefix: for AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  readonly url: string;
  readonly port: number;
  readonly keys: KeyRing;
  /** Each set of keys that was handed out, the latest last. */
  readonly issued: readonly KnownKeys[];
  readonly requests: readonly MetadataRequest[];
  /** `PUT /latest/api/token` and so on, each request in a line. */
  readonly lines: () => string[];
  close(): Promise<void>;
}

const TOKEN_PATH = "/latest/api/token";
const ROLES_PATH = "/latest/meta-data/iam/security-credentials/";
const TTL = "x-aws-ec2-metadata-token-ttl-seconds";

/** The service's errors are pages. */
function page(status: number, words: string): MetadataResponse {
  const title = `${status} - ${words}`;
  const body = `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
 </body>
</html>
`;
  return { status, headers: { "content-type": "text/html" }, body };
}

/** The service with its tokens. */
class Service {
  readonly keys: KeyRing;
  readonly issued: KnownKeys[] = [];
  private readonly uses = new Map<string, number>();

  constructor(private readonly options: InstanceMetadataOptions) {
    this.keys = options.keys ?? new KeyRing();
  }

  answer(request: MetadataRequest): MetadataResponse {
    const { prefix = "", isOff } = this.options;
    if (isOff) return page(403, "Forbidden");
    if (!request.path.startsWith(prefix)) return page(404, "Not Found");
    const path = request.path.slice(prefix.length);
    return path === TOKEN_PATH ? this.token(request) : this.metadata(request, path);
  }

  /** PUT alone, with a life of 1 second to 6 hours; never for who was forwarded. */
  private token({ method, headers }: MetadataRequest): MetadataResponse {
    if (method !== "PUT") return page(405, "Not Allowed");
    if (headers["x-forwarded-for"] !== undefined) return page(403, "Forbidden");
    const life = Number(headers[TTL]);
    if (!Number.isInteger(life) || life < 1 || life > 21_600) return page(400, "Bad Request");
    if (this.options.hopLimit === 1) return "silence";
    const token = randomBytes(40).toString("base64url");
    this.uses.set(token, this.options.tokenUses ?? Number.POSITIVE_INFINITY);
    return { status: 200, headers: { "content-type": "text/plain", [TTL]: String(life) }, body: token };
  }

  private metadata({ method, headers }: MetadataRequest, path: string): MetadataResponse {
    const token = String(headers["x-aws-ec2-metadata-token"]);
    const uses = this.uses.get(token) ?? 0;
    if (uses <= 0) return page(401, "Unauthorized");
    this.uses.set(token, uses - 1);
    const { role = "build-runner" } = this.options;
    if (method !== "GET" || role === null) return page(404, "Not Found");
    if (path === ROLES_PATH) return { status: 200, headers: { "content-type": "text/plain" }, body: role };
    return path === ROLES_PATH + role ? this.credentials() : page(404, "Not Found");
  }

  private credentials(): MetadataResponse {
    const fresh = this.keys.issue(Date.now() + (this.options.lifeMs ?? 6 * 3_600_000));
    this.issued.push(fresh);
    const inSeconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
    const body = {
      Code: "Success",
      LastUpdated: inSeconds(Date.now()),
      Type: "AWS-HMAC",
      AccessKeyId: fresh.accessKeyId,
      SecretAccessKey: fresh.secretAccessKey,
      Token: fresh.sessionToken,
      Expiration: inSeconds(fresh.expiresAt ?? 0),
      ...this.options.fields,
    };
    return { status: 200, headers: { "content-type": "text/plain" }, body: JSON.stringify(body, null, 2) };
  }
}

function send(response: ServerResponse, answer: MetadataResponse): void {
  if (answer === "silence") return;
  response.writeHead(answer.status, { server: "EC2ws", connection: "close", ...answer.headers });
  response.end(answer.body);
}

/** Starts an instance metadata service on loopback, as EC2 has it (IMDSv2 alone): fresh keys of one role each time. */
export async function startInstanceMetadata(
  options: InstanceMetadataOptions = {},
): Promise<InstanceMetadata> {
  const requests: MetadataRequest[] = [];
  const service = new Service(options);
  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    const request = { method: message.method ?? "", path: message.url ?? "", headers: message.headers };
    requests.push(request);
    send(response, options.instead?.(request, requests.length) ?? service.answer(request));
  });
  const { address, port: wanted } = options.listen ?? { address: "127.0.0.1", port: 0 };
  await new Promise<void>((resolve) => server.listen(wanted, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}${options.prefix ?? ""}`,
    port,
    keys: service.keys,
    issued: service.issued,
    requests,
    lines: () => requests.map(({ method, path }) => `${method} ${path}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
