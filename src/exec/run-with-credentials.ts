import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { environmentWithEndpoint, environmentWithKeys, environmentWithoutKeys } from "./child-environment.js";
import { runCommand } from "./run-command.js";

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
 * @returns its exit code
 * @throws Failure 126 or 127
 */
export function runWithCredentials(
  command: readonly string[],
  gift: Gift,
  context: Context,
): Promise<number> {
  return runCommand(command, environment(gift, context), context);
}
