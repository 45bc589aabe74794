import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { CERTIFICATE_FILE, TEST_TLS } from "../certificate/certificate.js";
import { ACCOUNT, KeyRing } from "../key-ring.js";
import { type Bucket, Buckets, type StoredObject } from "./buckets.js";
import { etagOf } from "./object-properties.js";
import type { Limits, Response } from "./operation.js";
import { type Behaviour, respond } from "./respond.js";
import { parseRequest, type S3Request } from "./s3-request.js";
import type { Role } from "./sts.js";
import { wholeSeconds } from "./write-object.js";

export interface S3ServerOptions {
  /** Over TLS, with the test's own certificate (`server.certificateFile`). */
  readonly tls?: boolean;
  /** Region of new buckets; us-east-1. */
  readonly region?: string;
  /** Who may sign; share it with the credential endpoint. A ring of its own by default. */
  readonly keys?: KeyRing;
  readonly limits?: Partial<Limits>;
  readonly modernChecksums?: boolean;
  readonly wrongRegion?: Behaviour["wrongRegion"];
  /** Roles that its STS gives. */
  readonly roles?: readonly Role[];
  /** Names of buckets to begin with. */
  readonly buckets?: readonly string[];
}

/** One request that came, and what it was answered. */
export interface LoggedRequest extends S3Request {
  /** Bytes of the body as sent. */
  readonly bodySize: number;
  readonly status: number;
  /** The fields of a request to STS. */
  readonly asked?: Readonly<Record<string, string>>;
}

export interface S3Server {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  readonly port: number;
  /** For `--ca-bundle`. */
  readonly certificateFile: string;
  readonly keys: KeyRing;
  /** Variables with long-lived keys that the server knows, and its region. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests that have been answered, in order. */
  readonly requests: readonly LoggedRequest[];
  /** A test may change it while the server runs. */
  readonly behaviour: Behaviour;
  /** Answers instead of the server, before any check; undefined: the server after all. A test sets it. */
  instead:
    | ((request: S3Request, body: Buffer) => Response | undefined | Promise<Response | undefined>)
    | undefined;
  /** Changes a response on its way out. A test sets it. */
  alter: ((answer: Response, request: S3Request) => Response) | undefined;
  /** Writes a response byte for byte; the connection ends behind it. A test sets it. */
  spell: ((answer: Response, request: S3Request) => Buffer | undefined) | undefined;
  createBucket(name: string, region?: string): Bucket;
  /** @throws S3Error when there is none */
  bucket(name: string): Bucket;
  /** Puts an object there without a request. */
  put(bucket: string, key: string, body: string | Buffer, properties?: Partial<StoredObject>): StoredObject;
  /** The current version of an object. */
  object(bucket: string, key: string): StoredObject | undefined;
  /** Forgets the requests so far. */
  forget(): void;
  close(): Promise<void>;
}

const DEFAULT_LIMITS: Limits = {
  minimumPart: 5 * 1024 ** 2,
  maximumPut: 5 * 1024 ** 3,
  maximumParts: 10_000,
};

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, request: S3Request, answer: Response, now: number): void {
  const hasBody = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, {
    "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
    "x-amz-id-2": randomBytes(24).toString("base64"),
    server: "AmazonS3",
    date: new Date(now).toUTCString(),
    ...(hasBody ? { "content-length": answer.body.length } : {}),
    ...answer.headers,
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

/** The objects and methods of a server that do not depend on its sockets. */
function contents(options: S3ServerOptions, behaviour: Behaviour) {
  const buckets = new Buckets();
  const createBucket = (name: string, region = behaviour.region) =>
    buckets.create(name, region, behaviour.now());
  for (const name of options.buckets ?? []) createBucket(name);
  const put: S3Server["put"] = (bucket, key, body, properties = {}) => {
    const bytes = Buffer.from(body);
    return buckets.get(bucket).store({
      key,
      body: bytes,
      etag: etagOf(bytes, properties),
      lastModified: wholeSeconds(behaviour.now()),
      versionId: "null",
      headers: { "content-type": "binary/octet-stream" },
      metadata: {},
      storageClass: "STANDARD",
      tags: {},
      ...properties,
    });
  };
  return {
    buckets,
    createBucket,
    put,
    bucket: (name: string) => buckets.get(name),
    object: (bucket: string, key: string) => buckets.get(bucket).object(key),
  };
}

/**
 * Starts a small S3 on loopback: objects in memory, signatures checked as S3 checks them. What it knows is what
 * fetch-creds uses; `operations.ts` has the list.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const keys = options.keys ?? new KeyRing();
  const behaviour: Behaviour = {
    region: options.region ?? "us-east-1",
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    now: Date.now,
    modernChecksums: options.modernChecksums ?? true,
    wrongRegion: options.wrongRegion ?? "permanent-redirect",
    roles: options.roles ?? [],
  };
  const { buckets, ...world } = contents(options, behaviour);
  const requests: LoggedRequest[] = [];
  const secure = options.tls === true;

  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = parseRequest(message, secure);
    const body = await readBody(message);
    const instead = await server.instead?.(request, body);
    const own = instead ?? respond(request, body, buckets, keys, behaviour);
    const answer = server.alter?.(own, request) ?? own;
    const asked =
      request.operation === "STS" ? Object.fromEntries(new URLSearchParams(body.toString())) : undefined;
    requests.push({ ...request, bodySize: body.length, status: answer.status, ...(asked && { asked }) });
    const spelled = server.spell?.(answer, request);
    if (spelled === undefined) send(response, request, answer, behaviour.now());
    else message.socket.end(spelled);
  };
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    handle(message, response).catch((error: unknown) => {
      // A body that broke off needs no response; a fault of this server's own must be seen.
      if (!message.destroyed || message.complete) {
        response.writeHead(500, { "x-test-server-bug": "true" });
        response.end(String(error instanceof Error ? error.stack : error));
      }
    });
  };
  const http = secure ? createTlsServer(TEST_TLS, listener) : createServer(listener);
  http.keepAliveTimeout = 20_000;
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const own = keys.add({
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    arn: `arn:aws:iam::${ACCOUNT}:user/tester`,
    account: ACCOUNT,
  });
  const server: S3Server = {
    ...world,
    url: `${secure ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    certificateFile: CERTIFICATE_FILE,
    keys,
    env: {
      AWS_ACCESS_KEY_ID: own.accessKeyId,
      AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
      AWS_REGION: behaviour.region,
    },
    requests,
    behaviour,
    instead: undefined,
    alter: undefined,
    spell: undefined,
    forget: () => {
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
