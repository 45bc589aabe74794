import type { Context } from "../context.js";
import { requestText } from "../http/request-text.js";
import type { Response } from "../http/response.js";
import { learnSecrets } from "../output/concealed.js";
import type { CredentialResponse } from "./credentials.js";
import { type Dial, dial as dialSystem, type Lookup, permittedAddresses } from "./dial.js";
import { type Endpoint, hostHeader } from "./endpoint.js";
import type { Asked } from "./endpoint-failures.js";
import type { Patience } from "./failed-try.js";
import { LIMITS, type Limits, type Outcome, requestOnce } from "./request-once.js";
import { type ParsedCredentials, type ParsedResponse, parseResponse } from "./response.js";
import type { Try } from "./retries.js";

/** The network as tests replace it. */
export interface Network {
  readonly dial: Dial;
  readonly lookup?: Lookup;
  readonly limits: Limits;
}

export const NETWORK: Network = { dial: dialSystem, limits: LIMITS };

export type Clock = Pick<Context, "now" | "debug" | "debugging">;

/** The one request of the protocol. `Connection: close`, because we ask once. The target is sent byte for byte. */
function request(endpoint: Endpoint, token: string | undefined): string {
  return requestText("GET", Buffer.from(endpoint.target).toString("latin1"), {
    Host: hostHeader(endpoint),
    Accept: "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "fetch-creds",
    Connection: "close",
    ...(token === undefined ? {} : { Authorization: token }),
  });
}

/** Sends a request to each address until one accepts: `localhost` is two addresses, of which one may refuse. */
export async function askAddresses(
  endpoint: Endpoint,
  addresses: readonly string[],
  text: string,
  leftMs: number,
  context: Clock,
  network: Network,
): Promise<Outcome> {
  const limits = { ...network.limits, attempt: Math.min(network.limits.attempt, leftMs) };
  let telling: Outcome | undefined;
  for (const address of addresses) {
    const began = context.now();
    const outcome = await requestOnce(await network.dial(endpoint, address), text, limits);
    if (context.debugging) {
      const { tellTry } = await import("./tell-try.js");
      tellTry(text, endpoint, address, outcome, context.now() - began, context);
    }
    const reason = outcome.trouble?.reason;
    if (reason !== "refused" && reason !== "unreachable") return outcome;
    // That ::1 is no address here says less than that nothing listens at 127.0.0.1.
    if (telling === undefined || reason === "refused") telling = outcome;
  }
  return telling ?? { trouble: { reason: "other", detail: "no address" } };
}

/** What the body says; undefined where there is no whole response with status 200, or its body is encoded unasked. */
export function readResponse({ response, trouble }: Outcome): ParsedResponse | undefined {
  if (response === undefined || trouble !== undefined || response.status > 200) return undefined;
  const coding = response.headers["content-encoding"] ?? "identity";
  return coding.toLowerCase() === "identity" ? parseResponse(response.body) : undefined;
}

export function asResponse(
  { credentials, tokenMisnamed }: ParsedCredentials,
  { headers, body }: Response,
): CredentialResponse {
  learnSecrets(credentials.secretAccessKey, credentials.sessionToken);
  const date = Date.parse(headers.date ?? "");
  return {
    credentials,
    body: body.toString("utf8"),
    ...(tokenMisnamed ? { tokenMisnamed } : {}),
    ...(Number.isNaN(date) ? {} : { date }),
  };
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
  context: Clock,
  network: Network,
): Promise<Try<CredentialResponse>> {
  if (leftMs <= 0) {
    const { outOfTime } = await import("./failed-try.js");
    return { failure: outOfTime(asked, budgetMs), again: false };
  }
  const token = readToken();
  learnSecrets(token);
  const { endpoint, description } = asked;
  const addresses =
    endpoint.scheme === "https"
      ? [endpoint.host]
      : await permittedAddresses(endpoint, description, network.lookup);
  const outcome = await askAddresses(endpoint, addresses, request(endpoint, token), leftMs, context, network);
  const parsed = readResponse(outcome);
  if (parsed?.kind === "credentials") return { value: asResponse(parsed, outcome.response as Response) };
  const { failedTry } = await import("./failed-try.js");
  return failedTry(asked, { ...outcome, parsed }, patience, context.now());
}
