import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { parseAnswer } from "./answer.js";
import type { CredentialAnswer } from "./credentials.js";
import { type Dial, dial as dialSystem, type Lookup, permittedAddresses } from "./dial.js";
import { type Endpoint, hostHeader } from "./endpoint.js";
import { type Asked, noAnswer, outOfTime, unusableAnswer } from "./endpoint-failures.js";
import { errorAnswer, errorCode, isUnknownId } from "./error-answer.js";
import { exchange, LIMITS, type Limits, type Outcome } from "./exchange.js";
import type { HttpResponse } from "./response-reader.js";
import { parseRetryAfter, type Try } from "./retries.js";
import type { Trouble } from "./trouble.js";

/** The network as tests replace it. */
export interface Network {
  readonly dial: Dial;
  readonly lookup?: Lookup;
  readonly limits: Limits;
}

export const NETWORK: Network = { dial: dialSystem, limits: LIMITS };

/** The one request of the protocol. `Connection: close`, because we ask once. */
export function requestText(endpoint: Endpoint, token: string | undefined): string {
  return [
    `GET ${endpoint.target} HTTP/1.1`,
    `Host: ${hostHeader(endpoint)}`,
    "Accept: application/json",
    "Accept-Encoding: identity",
    "User-Agent: fetch-creds",
    "Connection: close",
    ...(token === undefined ? [] : [`Authorization: ${token}`]),
    "\r\n",
  ].join("\r\n");
}

/** Troubles that another try cannot fix. */
const FINAL: ReadonlySet<Trouble["reason"]> = new Set(["certificate"]);

function isOverload(status: number): boolean {
  return status === 429 || (status >= 500 && status < 600);
}

/** Asks each address until one accepts: `localhost` is two addresses, of which one may refuse. */
async function askAddresses(
  asked: Asked,
  token: string | undefined,
  leftMs: number,
  network: Network,
): Promise<Outcome> {
  const { endpoint, description } = asked;
  const addresses =
    endpoint.scheme === "https"
      ? [endpoint.host]
      : await permittedAddresses(endpoint, description, network.lookup);
  const request = requestText(endpoint, token);
  const limits = { ...network.limits, attempt: Math.min(network.limits.attempt, leftMs) };
  let telling: Outcome | undefined;
  for (const address of addresses) {
    const outcome = await exchange(await network.dial(endpoint, address), request, limits);
    const reason = outcome.trouble?.reason;
    if (reason !== "refused" && reason !== "unreachable") return outcome;
    // That ::1 is no address here says less than that nothing listens at 127.0.0.1.
    if (telling === undefined || reason === "refused") telling = outcome;
  }
  return telling ?? { trouble: { reason: "other", detail: "no address" } };
}

function readAnswer(asked: Asked, response: HttpResponse): Try<CredentialAnswer> {
  const coding = response.headers.get("content-encoding");
  if (coding !== undefined && coding.toLowerCase() !== "identity") {
    const fault = "its body is compressed, which was not asked for";
    const hint = "something between rewrites the answers: a proxy, most likely";
    return { failure: unusableAnswer("answer-encoded", asked, fault, hint), again: true };
  }
  const parsed = parseAnswer(response.body);
  const hint =
    "something else than a credential endpoint answered: a proxy, or another service at that address";
  switch (parsed.kind) {
    case "unparsable":
      return { failure: unusableAnswer("answer-not-json", asked, parsed.fault, hint), again: true };
    case "fault":
      return { failure: unusableAnswer("answer-field", asked, parsed.fault, hint), again: false };
    case "error":
      return { failure: errorCode(asked, parsed.code, parsed.message), again: false };
    case "credentials": {
      const { credentials, tokenMisnamed } = parsed;
      learnSecrets(credentials.secretAccessKey, credentials.sessionToken);
      const date = Date.parse(response.headers.get("date") ?? "");
      const body = response.body.toString("utf8");
      return {
        value: {
          credentials,
          body,
          ...(tokenMisnamed ? { tokenMisnamed } : {}),
          ...(Number.isNaN(date) ? {} : { date }),
        },
      };
    }
  }
}

/** What one fetch bears once, over all its tries. */
export interface Patience {
  /** The ECS agent knows no id for a moment after it has restarted: the first such answer is asked about once more. */
  unknownId: boolean;
}

function judge(asked: Asked, outcome: Outcome, patience: Patience, now: number): Try<CredentialAnswer> {
  const { response, trouble } = outcome;
  // A status other than 200 decides by itself, however its body ended.
  if (response !== undefined && response.status >= 200 && response.status !== 200) {
    const retryAfter = parseRetryAfter(response.headers.get("retry-after"), now);
    const again = isOverload(response.status) || (patience.unknownId && isUnknownId(response));
    if (isUnknownId(response)) patience.unknownId = false;
    return { failure: errorAnswer(asked, response), again, retryAfter };
  }
  if (trouble !== undefined) return { failure: noAnswer(asked, trouble), again: !FINAL.has(trouble.reason) };
  return response === undefined
    ? { failure: noAnswer(asked, { reason: "reset" }), again: true }
    : readAnswer(asked, response);
}

/**
 * One try: token, check of the address, request, answer, judgement.
 *
 * @param readToken  called anew for each try, because token files rotate
 * @param patience  is used up
 * @param leftMs  what is left of the budget
 * @throws Failure of what no try can fix: an unreadable token, a host that may not be asked
 */
export async function tryEndpoint(
  asked: Asked,
  readToken: () => string | undefined,
  patience: Patience,
  leftMs: number,
  budgetMs: number,
  context: Pick<Context, "now" | "debug">,
  network: Network,
): Promise<Try<CredentialAnswer>> {
  if (leftMs <= 0) return { failure: outOfTime(asked, budgetMs), again: false };
  const token = readToken();
  learnSecrets(token);
  const started = context.now();
  const outcome = await askAddresses(asked, token, leftMs, network);
  const what = outcome.trouble?.reason ?? `status ${outcome.response?.status}`;
  context.debug(`${asked.description.address}: ${what} after ${context.now() - started} ms`);
  return judge(asked, outcome, patience, context.now());
}
