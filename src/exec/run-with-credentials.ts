import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { environmentWithEndpoint, environmentWithKeys, environmentWithoutKeys } from "./child-environment.js";
import { runCommand } from "./run-command.js";

export { inheritedDescriptors } from "./inherited-descriptors.js";

/** What the child is given: keys, an endpoint that it asks itself, or undefined: nothing, and it keeps no keys either. */
export type Gift =
  | { readonly credentials: Credentials }
  | { readonly endpoint: Readonly<Record<string, string>> }
  | undefined;

function environment(gift: Gift, { env }: Context): Record<string, string> {
  if (gift === undefined) return environmentWithoutKeys(env);
  return "credentials" in gift
    ? environmentWithKeys(env, gift.credentials)
    : environmentWithEndpoint(env, gift.endpoint);
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
  gift: Gift,
  descriptors: readonly number[],
  context: Context,
): Promise<number> {
  return runCommand(command, environment(gift, context), descriptors, context);
}
