import type { Context } from "../context.js";
import { containerSource } from "./container-source.js";
import type { CredentialSource, SourceDescription } from "./credentials.js";
import { readSecret } from "./secret-file.js";
import { FULL_URI, RELATIVE_URI } from "./variables.js";

/** The pair of variables, relative first, wherever they are looked up. */
function named(
  lookup: (name: string) => string | undefined,
  place: SourceDescription["place"],
  context: Context,
  timeoutMs: number | undefined,
): CredentialSource | undefined {
  for (const name of [RELATIVE_URI, FULL_URI]) {
    const value = lookup(name);
    if (value) return containerSource({ name, place, value }, name === FULL_URI, context, timeoutMs);
  }
  return undefined;
}

/**
 * The container's endpoint, as variables name it, else BuildKit secrets of their names.
 *
 * @param timeoutMs bounds one fetch with all its tries
 * @throws Failure (253) of an URI that cannot be used
 */
export function containerOf(context: Context, timeoutMs: number | undefined): CredentialSource | undefined {
  const { env, secretsFolder } = context;
  return (
    named((name) => env[name], "environment", context, timeoutMs) ??
    named((name) => readSecret(secretsFolder, name), "secret", context, timeoutMs)
  );
}
