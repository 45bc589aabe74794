import { isRegion } from "../aws/region.js";
import type { Context } from "../context.js";
import { isThere, readSecret } from "../credentials/secret-file.js";
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

const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/**
 * The region that a variable names, or a BuildKit secret of the same name. What is empty counts as unset.
 *
 * @throws Failure `secret-unreadable`
 */
export function givenRegion({
  env,
  secretsFolder,
}: Pick<Context, "env" | "secretsFolder">): NamedRegion | undefined {
  for (const name of REGION_VARIABLES) {
    const value = env[name];
    if (value) return { value, from: name };
  }
  for (const name of REGION_VARIABLES) {
    const value = readSecret(secretsFolder, name);
    if (value !== undefined) return { value, from: `secret ${name}` };
  }
  return undefined;
}

/** Whether there may be a profile. Mostly there is none, and nothing need be compiled to know that. */
export function mayHaveProfiles({ env }: Pick<Context, "env">): boolean {
  const { HOME, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = env;
  return Boolean(AWS_CONFIG_FILE || AWS_SHARED_CREDENTIALS_FILE || (HOME && isThere(`${HOME}/.aws`)));
}

/**
 * The first region that is named: by a variable, by a BuildKit secret of the same name, by the profile in force. Nothing is
 * checked: who only shows it need not fail.
 *
 * @param profile `--profile`
 * @throws Failure `secret-unreadable`, `config-file`
 */
export async function findRegion(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  profile: string | undefined,
): Promise<NamedRegion | undefined> {
  const given = givenRegion(context);
  if (given !== undefined || !mayHaveProfiles(context)) return given;
  const { settingsInForce } = await import("../profiles/settings-in-force.js");
  const found = settingsInForce(context, profile, (name) => readSecret(context.secretsFolder, name)).get(
    "region",
  );
  return found?.value ? found : undefined;
}

/**
 * The same, to be used.
 *
 * @throws Failure `bad-region`, exit code 252; `secret-unreadable`, `config-file`
 */
export async function regionOf(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  profile: string | undefined,
): Promise<string | undefined> {
  const found = await findRegion(context, profile);
  return found === undefined ? undefined : checkedRegion(found.value, found.from);
}
