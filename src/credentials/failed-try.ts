import { parseRetryAfter } from "../http/retry-after.js";
import type { CredentialResponse } from "./credentials.js";
import { type Asked, noResponse, unusableResponse } from "./endpoint-failures.js";
import { errorCode, errorResponse, isUnknownId } from "./error-response.js";
import type { Outcome } from "./request-once.js";
import type { ParsedCredentials, ParsedResponse } from "./response.js";
import type { Try } from "./retries.js";
import type { Trouble } from "./trouble.js";

export { outOfTime, responseExpired } from "./endpoint-failures.js";

/** What one fetch bears once, over all its tries. */
export interface Patience {
  /** The ECS agent knows no id for a moment after it has restarted: the first such answer is asked about once more. */
  unknownId: boolean;
}

/** Troubles that another try cannot fix. */
const FINAL: ReadonlySet<Trouble["reason"]> = new Set(["certificate"]);

function isOverload(status: number): boolean {
  return status === 429 || (status >= 500 && status < 600);
}

/** What came of the request, and what the body of a whole response with status 200 says: nothing when it is encoded. */
export interface FailedOutcome extends Outcome {
  readonly parsed: Unusable | undefined;
}

type Unusable = Exclude<ParsedResponse, ParsedCredentials>;

/**
 * What a try came to that brought no credentials.
 *
 * @param patience  is used up
 * @param now  ms since the epoch
 */
export function failedTry(
  asked: Asked,
  { response, trouble, parsed }: FailedOutcome,
  patience: Patience,
  now: number,
): Try<CredentialResponse> {
  // A status other than 200 decides by itself, however its body ended.
  if (response !== undefined && response.status > 200) {
    const retryAfter = parseRetryAfter(response.headers["retry-after"], now);
    const again = isOverload(response.status) || (patience.unknownId && isUnknownId(response));
    if (isUnknownId(response)) patience.unknownId = false;
    return { failure: errorResponse(asked, response), again, retryAfter };
  }
  if (trouble !== undefined)
    return { failure: noResponse(asked, trouble), again: !FINAL.has(trouble.reason) };
  return response === undefined
    ? { failure: noResponse(asked, { reason: "reset" }), again: true }
    : unusable(asked, parsed);
}

export const NOT_AN_ENDPOINT =
  "something other than a credential endpoint answered: a proxy, or another service at that address";

/** A whole response with status 200 that holds no credentials. */
export function unusable(asked: Asked, parsed: Unusable | undefined): Try<CredentialResponse> {
  if (parsed === undefined) {
    const fault = "its body is compressed, which was not asked for";
    const hint = "something between rewrites the responses: a proxy, most likely";
    return { failure: unusableResponse("answer-encoded", asked, fault, hint), again: true };
  }
  if (parsed.kind === "error")
    return { failure: errorCode(asked, parsed.code, parsed.message), again: false };
  const isJson = parsed.kind === "fault";
  const id = isJson ? "answer-field" : "answer-not-json";
  return { failure: unusableResponse(id, asked, parsed.fault, NOT_AN_ENDPOINT), again: !isJson };
}
