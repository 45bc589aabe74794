import type { Context } from "../context.js";
import type { SourceDescription } from "./credentials.js";
import { readSecret } from "./secret-file.js";

/** A value, and where it stands. */
export interface Found {
  readonly value: string;
  readonly place: Extract<SourceDescription["place"], "environment" | "secret">;
}

/**
 * The value of a variable, or of the BuildKit secret of its name, each on its own. What is empty counts as not there.
 *
 * @throws Failure `secret-unreadable`
 */
export function variableOrSecret(
  name: string,
  { env, secretsFolder }: Pick<Context, "env" | "secretsFolder">,
): Found | undefined {
  const value = env[name];
  if (value) return { value, place: "environment" };
  const secret = readSecret(secretsFolder, name);
  return secret === undefined ? undefined : { value: secret, place: "secret" };
}
