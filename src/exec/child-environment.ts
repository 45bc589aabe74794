import { isRegion } from "../aws/region.js";
import type { Environment } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { credentialVariables, regionVariables } from "../formats/variables.js";

/** What could make an SDK in the child take other credentials than ours. */
const STALE: readonly string[] = [
  ...credentialVariables(undefined).unset,
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

type ChildEnvironment = Record<string, string>;

function withoutStale(env: Environment): ChildEnvironment {
  const kept = Object.entries(env).filter(([name]) => !STALE.includes(name));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * Fills the region in under both its names, never over a value that is there.
 *
 * @param found the region that is named somewhere; what cannot be one is the child's affair
 */
function withRegion(env: ChildEnvironment, found: string | undefined): ChildEnvironment {
  const region = Object.fromEntries(regionVariables(found && isRegion(found) ? found : undefined));
  return { ...env, ...Object.fromEntries(Object.entries(region).filter(([name]) => !env[name])) };
}

/** The environment of a child that is given the keys themselves. */
export function environmentWithKeys(
  env: Environment,
  credentials: Credentials,
  region: string | undefined,
): ChildEnvironment {
  return {
    ...withRegion(withoutStale(env), region),
    ...Object.fromEntries(credentialVariables(credentials).set),
  };
}

/** The environment of a child whose SDK asks the endpoint itself. `variables` name that endpoint. */
export function environmentWithEndpoint(
  env: Environment,
  variables: Readonly<Record<string, string>>,
  region: string | undefined,
): ChildEnvironment {
  return { ...withRegion(withoutStale(env), region), ...variables };
}

/** The environment of a child that has no credentials: no keys and no profile of anybody else either. */
export function environmentWithoutKeys(env: Environment): ChildEnvironment {
  return withoutStale(env);
}
