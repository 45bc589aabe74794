import { statSync } from "node:fs";
import { isRegion } from "../aws/region.js";
import type { Context, Environment } from "../context.js";
import { profileSettings } from "../credentials/profile-settings.js";
import { readSecret } from "../credentials/secret-file.js";
import { badRegion } from "./option-failures.js";

/**
 * A region as it was given, which becomes part of host names and signatures.
 *
 * @param name  what gave it: an option, a variable, a file
 * @throws Failure `bad-region`, exit code 252
 */
export function checkedRegion(value: string, name: string): string {
  if (!isRegion(value)) throw badRegion(value, name);
  return value;
}

/** A region, and what names it: `AWS_REGION`, `secret AWS_REGION`, `~/.aws/config, profile x`. */
export interface NamedRegion {
  readonly value: string;
  readonly from: string;
}

export const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/**
 * What ~/.aws/config says of the profile in force, and its name there.
 *
 * @param profile `--profile`
 */
export function profileInForce(
  env: Environment,
  profile: string | undefined,
): ReturnType<typeof profileSettings> {
  const path = env.AWS_CONFIG_FILE || (env.HOME && `${env.HOME}/.aws/config`);
  // Mostly there is none, and nothing need be compiled to know that.
  if (!path || statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  return profileSettings(path, env, profile);
}

/**
 * The first region that is named: by a variable, by a BuildKit secret of the same name, by the profile in force. What is
 * empty counts as unset. Nothing is checked: who only shows it need not fail.
 *
 * @param profile `--profile`
 * @throws Failure `secret-unreadable`
 */
export function findRegion(
  { env, secretsFolder }: Pick<Context, "env" | "secretsFolder">,
  profile: string | undefined,
): NamedRegion | undefined {
  for (const name of REGION_VARIABLES) {
    const value = env[name];
    if (value) return { value, from: name };
  }
  for (const name of REGION_VARIABLES) {
    const value = readSecret(secretsFolder, name);
    if (value !== undefined) return { value, from: `secret ${name}` };
  }
  const found = profileInForce(env, profile);
  const value = found?.settings.get("region");
  return value ? { value, from: found?.from ?? "" } : undefined;
}

/**
 * The same, to be used.
 *
 * @throws Failure `bad-region`, exit code 252; `secret-unreadable`
 */
export function regionOf(
  context: Pick<Context, "env" | "secretsFolder">,
  profile: string | undefined,
): string | undefined {
  const found = findRegion(context, profile);
  return found === undefined ? undefined : checkedRegion(found.value, found.from);
}
