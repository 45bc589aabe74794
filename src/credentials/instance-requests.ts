import type { Context } from "../context.js";
import { Failure } from "../failure.js";
import { requestText } from "../http/request-text.js";
import type { Response } from "../http/response.js";
import { parseRetryAfter } from "../http/retry-after.js";
import { learnSecrets } from "../output/concealed.js";
import type { CredentialResponse, SourceDescription } from "./credentials.js";
import { hostHeader } from "./endpoint.js";
import { type Asked, outOfTime, unusableResponse } from "./endpoint-failures.js";
import { askAddresses, asResponse, type Network, readResponse } from "./endpoint-request.js";
import { NOT_AN_ENDPOINT, unusable } from "./failed-try.js";
import type { InstanceEndpoint } from "./instance-endpoint.js";
import {
  instanceCode,
  instanceStatus,
  instanceTokenMalformed,
  instanceTrouble,
  noRole,
  noToken,
  roleNameMalformed,
} from "./instance-failures.js";
import type { Limits, Outcome } from "./request-once.js";
import { type Try, withRetries } from "./retries.js";

/** What stays the same over the requests of one fetch. */
export interface InstanceService {
  readonly endpoint: InstanceEndpoint;
  readonly addresses: readonly string[];
  readonly description: SourceDescription;
  /** When all of it must be over, ms since the epoch; and how much time that was, ms. */
  readonly deadline: number;
  readonly budgetMs: number;
  readonly context: Context;
  readonly network: Network;
}

export const ROLES_PATH = "/latest/meta-data/iam/security-credentials/";
const TOKEN_PATH = "/latest/api/token";

/** Six hours, the longest, as botocore asks for; it is used for seconds. */
const TOKEN_LIFE = "21600";

/**
 * Of the request for a token, ms: the service answers within milliseconds, and where the hop limit drops its response no
 * waiting helps.
 */
const TOKEN_LIMITS: Limits = { connect: 2000, headers: 3000, gap: 3000, attempt: 5000 };

/** Tries that may stay without any answer: a packet can be lost once. */
const SILENT_TRIES = 2;

interface Request {
  readonly method: "GET" | "PUT";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One of the requests with its tries, each judged by `read`. Never through a proxy; no redirect is followed. */
function ask<T>(
  service: InstanceService,
  { method, path, headers }: Request,
  read: (outcome: Outcome, asked: Asked) => Try<T>,
): Promise<T> {
  const { description, addresses, budgetMs, context, network, deadline } = service;
  const { base } = service.endpoint;
  const endpoint = { ...base, target: base.target + path };
  const asked: Asked = { description, endpoint, full: true };
  const text = requestText(method, endpoint.target, {
    Host: hostHeader(endpoint),
    Accept: "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": "fetch-creds",
    ...headers,
    Connection: "close",
  });
  return withRetries(
    async (leftMs) => {
      if (leftMs <= 0) throw outOfTime(asked, budgetMs);
      return read(await askAddresses(endpoint, addresses, text, leftMs, context, network), asked);
    },
    deadline,
    context,
  );
}

/** The whole response with status 200, or what the try came to without one. */
function wholeResponse(
  service: InstanceService,
  { response, trouble }: Outcome,
  asked: Asked,
  isToken = false,
): { readonly response: Response } | Extract<Try<never>, { again: boolean }> {
  // A status other than 200 decides by itself, however its body ended.
  if (response !== undefined && response.status !== 200) {
    const { status, headers } = response;
    return {
      failure: instanceStatus(asked, response, isToken),
      again: status === 429 || (status >= 500 && !(isToken && status === 501)),
      retryAfter: parseRetryAfter(headers["retry-after"], service.context.now()),
    };
  }
  if (response !== undefined && trouble === undefined) return { response };
  const { namedBy } = service.endpoint;
  const failure = instanceTrouble(asked, trouble ?? { reason: "reset" }, namedBy);
  return { failure, again: trouble?.reason !== "certificate" };
}

function shorter(limits: Limits): Limits {
  const names = ["connect", "headers", "gap", "attempt"] as const;
  return Object.fromEntries(
    names.map((name) => [name, Math.min(limits[name], TOKEN_LIMITS[name])]),
  ) as unknown as Limits;
}

/** Printable ASCII, as it becomes a header. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/** A session token, without which IMDSv2 tells nothing. */
export function fetchToken(service: InstanceService): Promise<string> {
  const network = { ...service.network, limits: shorter(service.network.limits) };
  const headers = { "X-aws-ec2-metadata-token-ttl-seconds": TOKEN_LIFE, "Content-Length": "0" };
  let unanswered = 0;
  return ask({ ...service, network }, { method: "PUT", path: TOKEN_PATH, headers }, (outcome, asked) => {
    const { trouble, response } = outcome;
    if (response === undefined && (trouble?.reason === "silent" || trouble?.reason === "connect-timeout"))
      return { failure: noToken(asked, trouble.reason === "silent"), again: ++unanswered < SILENT_TRIES };
    const whole = wholeResponse(service, outcome, asked, true);
    if (!("response" in whole)) return whole;
    const token = whole.response.body.toString("latin1").trim();
    if (!TOKEN.test(token)) return { failure: instanceTokenMalformed(asked), again: false };
    learnSecrets(token);
    return { value: token };
  });
}

/** Whether the service does not take the token any more, or a request without a good one. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof Failure && error.id === "instance-401";
}

const withToken = (token: string) => ({ "X-aws-ec2-metadata-token": token });

/** As IAM has them (API reference, CreateRole): none of these characters means anything in a path. */
const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/** `.` and `..` are names to IAM, and another folder to a server. */
const DOTS = /^\.{1,2}$/;

/** The name of the instance's role: the first line, of which there is one. */
export function fetchRoleName(service: InstanceService, token: string): Promise<string> {
  const request = { method: "GET", path: ROLES_PATH, headers: withToken(token) } as const;
  return ask(service, request, (outcome, asked) => {
    const whole = wholeResponse(service, outcome, asked);
    if (!("response" in whole))
      return outcome.response?.status === 404 ? { failure: noRole(asked), again: false } : whole;
    const [name = ""] = whole.response.body.toString("utf8").trim().split(/\r?\n/);
    if (name === "") return { failure: noRole(asked), again: false };
    if (!ROLE_NAME.test(name) || DOTS.test(name)) return { failure: roleNameMalformed(asked), again: false };
    return { value: name };
  });
}

/** Every role's keys have a token and an end; botocore takes none without. */
function missingField({ credentials }: CredentialResponse): string | undefined {
  if (credentials.sessionToken === undefined) return "Token";
  return credentials.expiration === undefined ? "Expiration" : undefined;
}

/** The keys of the role. */
export function fetchKeys(
  service: InstanceService,
  token: string,
  role: string,
): Promise<CredentialResponse> {
  const request = { method: "GET", path: ROLES_PATH + role, headers: withToken(token) } as const;
  return ask(service, request, (outcome, asked) => {
    const whole = wholeResponse(service, outcome, asked);
    if (!("response" in whole)) return whole;
    const parsed = readResponse(outcome);
    if (parsed?.kind === "error")
      return { failure: instanceCode(asked, parsed.code, parsed.message), again: false };
    if (parsed?.kind !== "credentials") return unusable(asked, parsed);
    const value = asResponse(parsed, whole.response);
    const missing = missingField(value);
    if (missing === undefined) return { value };
    const failure = unusableResponse("answer-field", asked, `${missing} is missing`, NOT_AN_ENDPOINT);
    return { failure, again: false };
  });
}
