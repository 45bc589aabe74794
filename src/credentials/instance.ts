import type { Context } from "../context.js";
import { DEFAULT_BUDGET } from "./container-source.js";
import type { CredentialResponse, CredentialSource, SourceDescription } from "./credentials.js";
import { endpointAddress } from "./endpoint.js";
import { NETWORK, type Network } from "./endpoint-request.js";
import { type InstanceSettings, instanceAddresses, instanceEndpoint } from "./instance-endpoint.js";
import {
  fetchKeys,
  fetchRoleName,
  fetchToken,
  type InstanceService,
  isTokenRefused,
  ROLES_PATH,
} from "./instance-requests.js";

/** Who asks for the instance's role, and what the profile in force says of the service. */
export interface InstanceGiven extends InstanceSettings {
  /** `--instance-role`; `~/.aws/config, profile deploy`. */
  readonly namedBy: SourceDescription["name"];
}

async function keysWith(service: InstanceService, token: string): Promise<CredentialResponse> {
  const role = await fetchRoleName(service, token);
  service.context.debug(`the instance's role is ${role}`);
  return fetchKeys(service, token, role);
}

/** One fetch: a token of its own, and a second one where the service does not take the first any more. */
async function fetchAll(service: InstanceService): Promise<CredentialResponse> {
  const token = await fetchToken(service);
  try {
    return await keysWith(service, token);
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    service.context.debug("the token was refused: asking for another");
    return keysWith(service, await fetchToken(service));
  }
}

/**
 * Keys past their end are used all the same, as every SDK does: the service repeats the last ones while it cannot renew
 * them, and AWS takes them for longer then. They are asked for again within 12 to 20 minutes, as botocore does
 * (`_evaluate_expiration`).
 */
function extended(response: CredentialResponse, { now, random, debug }: Context): CredentialResponse {
  const { credentials } = response;
  const { expiration } = credentials;
  if (expiration === undefined || expiration.epochMs > now()) return response;
  const seconds = Math.floor(now() / 1000) + 12 * 60 + Math.floor(random() * 8 * 60);
  const text = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  debug(
    `the keys expired at ${expiration.text}: the service cannot renew them, so they are used until ${text}`,
  );
  const later = { ...credentials, expiration: { epochMs: seconds * 1000, text } };
  return { ...response, credentials: later, expiredAt: expiration };
}

/**
 * The role of the EC2 instance, by its metadata service (IMDSv2 alone): a token, the role's name, its keys.
 *
 * @param budgetMs  for all requests and tries of one fetch together
 * @throws Failure `instance-disabled`, `instance-endpoint`, `instance-endpoint-mode`, 253
 */
export function instanceSource(
  given: InstanceGiven,
  context: Context,
  budgetMs = DEFAULT_BUDGET,
  network: Network = NETWORK,
): CredentialSource {
  const { namedBy } = given;
  const endpoint = instanceEndpoint(context.env, given, namedBy);
  const description: SourceDescription = {
    kind: "instance",
    name: namedBy,
    place: namedBy.startsWith("--") ? "option" : "file",
    address: endpointAddress(endpoint.base),
    path: endpoint.base.target + ROLES_PATH,
  };
  return {
    description,
    fetch: async () => {
      const addresses = await instanceAddresses(endpoint, network.lookup);
      const deadline = context.now() + budgetMs;
      const service = { endpoint, addresses, description, deadline, budgetMs, context, network };
      return extended(await fetchAll(service), context);
    },
  };
}
