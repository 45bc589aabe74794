import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { environmentWithEndpoint, environmentWithKeys, environmentWithoutKeys } from "./child-environment.js";
import { runCommand } from "./run-command.js";
import { filesSetAside } from "./shared-files.js";

export { inheritedDescriptors } from "./inherited-descriptors.js";

/**
 * What the child is given: keys, or an endpoint that it asks itself, with the region that is named somewhere; undefined:
 * nothing, and it keeps no keys either.
 */
export type ChildCredentials =
  | { readonly credentials: Credentials; readonly region: string | undefined }
  | { readonly endpoint: Readonly<Record<string, string>>; readonly region: string | undefined }
  | undefined;

function environment(given: ChildCredentials, { env, debug }: Context): Record<string, string> {
  if (given === undefined) return environmentWithoutKeys(env);
  if ("credentials" in given) return environmentWithKeys(env, given.credentials, given.region);
  const { variables, paths } = filesSetAside(env);
  for (const path of paths)
    debug(`${path} would win over the endpoint in the command's SDK: it sees an empty file instead`);
  return environmentWithEndpoint(env, { ...variables, ...given.endpoint }, given.region);
}

/**
 * Runs a command with what it is given.
 *
 * @param descriptors from 3 up, that we were started with and it is to have
 * @returns its exit code
 * @throws Failure 126 or 127
 */
export function runWithCredentials(
  command: readonly string[],
  given: ChildCredentials,
  descriptors: readonly number[],
  context: Context,
): Promise<number> {
  return runCommand(command, environment(given, context), descriptors, context);
}
