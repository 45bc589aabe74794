import type { Context } from "../context.js";
import { learnLater } from "../output/concealed.js";
import { readAuthorizationToken } from "./authorization-token.js";
import type { CredentialResponse, CredentialSource, Expiration, SourceDescription } from "./credentials.js";
import { type Endpoint, endpointAddress, shortenedPath } from "./endpoint.js";
import type { Asked } from "./endpoint-failures.js";
import { idsIn } from "./endpoint-ids.js";
import { NETWORK, type Network, tryEndpoint } from "./endpoint-request.js";
import type { NamedValue } from "./failures.js";
import { parseFullUri } from "./full-uri.js";
import { parseRelativeUri } from "./relative-uri.js";
import { delayBefore, withRetries } from "./retries.js";
import { AUTHORIZATION_TOKEN, AUTHORIZATION_TOKEN_FILE, FULL_URI, RELATIVE_URI } from "./variables.js";

/** What getting the credentials may take in all, ms, unless `--timeout` says otherwise. */
export const DEFAULT_BUDGET = 30_000;

function refreshVariables(full: boolean, value: string, context: Context): Record<string, string> {
  const { [AUTHORIZATION_TOKEN_FILE]: file } = context.env;
  const token = file ? undefined : readAuthorizationToken(context.env, context.secretsFolder);
  return {
    [full ? FULL_URI : RELATIVE_URI]: value,
    ...(file ? { [AUTHORIZATION_TOKEN_FILE]: file } : {}),
    ...(token === undefined ? {} : { [AUTHORIZATION_TOKEN]: token }),
  };
}

/** When the keys expired; undefined where they are valid. */
function pastExpiration({ credentials }: CredentialResponse, now: number): Expiration | undefined {
  const { expiration } = credentials;
  return expiration !== undefined && expiration.epochMs <= now ? expiration : undefined;
}

/**
 * The container's credential endpoint: relative (ECS, CodeBuild) or full (EKS Pod Identity, Greengrass).
 *
 * @param given  the URI and what named it
 * @param full  whether it is read as a full URI
 * @param budgetMs  for all tries of one fetch together
 * @throws Failure of an URI that cannot be used, exit code 253
 */
export function containerSource(
  given: NamedValue,
  full: boolean,
  context: Context,
  budgetMs = DEFAULT_BUDGET,
  network: Network = NETWORK,
): CredentialSource {
  const endpoint: Endpoint = full ? parseFullUri(given) : parseRelativeUri(given);
  learnLater(() => idsIn(endpoint.target));
  const description: SourceDescription = {
    kind: "container",
    name: given.name,
    place: given.place,
    address: endpointAddress(endpoint),
    path: shortenedPath(endpoint.target),
  };
  const asked: Asked = { description, endpoint, full };
  // With a relative URI, too: every SDK sends it.
  const readToken = () => readAuthorizationToken(context.env, context.secretsFolder);

  const fetch = async (): Promise<CredentialResponse> => {
    const deadline = context.now() + budgetMs;
    const patience = { unknownId: true };
    const ask = () =>
      withRetries(
        (left) => tryEndpoint(asked, readToken, patience, left, budgetMs, context, network),
        deadline,
        context,
      );
    const first = await ask();
    if (pastExpiration(first, context.now()) === undefined) return first;
    // The endpoint may be about to renew: one more time, then it is an error.
    await context.sleep(delayBefore(1, context.random()));
    const second = await ask();
    const now = context.now();
    const expiration = pastExpiration(second, now);
    if (expiration === undefined) return second;
    const { responseExpired } = await import("./failed-try.js");
    throw responseExpired(asked, expiration.text, now, second.date);
  };

  return {
    description,
    fetch,
    get refreshVariables() {
      return refreshVariables(full, given.value, context);
    },
  };
}
