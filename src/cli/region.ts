import { readFileSync } from "node:fs";
import type { Context } from "../context.js";
import { isThere, readSecret } from "../credentials/secret-file.js";
import { CREDENTIALS_SECRET } from "../credentials/variables.js";
import type { SettingsSearch } from "./settings-of.js";

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

/** The home folder in passwd(5), which src/profiles reads in full; where there is none, `/`. */
function home(uid: number | undefined): string {
  try {
    const user = RegExp(`^[^:]*:[^:]*:${uid}:.*?:.*?:(.*?):`, "m");
    return readFileSync("/etc/passwd", "utf8").match(user)?.[1] ?? "";
  } catch {
    return "";
  }
}

/** Whether there may be a profile. Mostly there is none, and nothing need be compiled to know that. */
export function mayHaveProfiles({
  env,
  secretsFolder,
  uid,
}: Pick<Context, "env" | "secretsFolder" | "uid">): boolean {
  const { HOME, USERPROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = env;
  if (AWS_CONFIG_FILE || AWS_SHARED_CREDENTIALS_FILE || USERPROFILE) return true;
  if (isThere(`${secretsFolder}/${CREDENTIALS_SECRET}`)) return true;
  return isThere(`${HOME ?? home(uid)}/.aws`);
}

/**
 * The first region that is named: by a variable, by a BuildKit secret of the same name, by the profile in force. Nothing is
 * checked: who only shows it need not fail.
 *
 * @throws Failure `secret-unreadable`, and of the files of profiles as settingsOf
 */
export async function findRegion(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): Promise<NamedRegion | undefined> {
  const given = givenRegion(context);
  if (given !== undefined || !(search.credentialsFile || mayHaveProfiles(context))) return given;
  const { settingsOf } = await import("./settings-of.js");
  const found = settingsOf(context, search).get("region");
  return found?.value ? found : undefined;
}
