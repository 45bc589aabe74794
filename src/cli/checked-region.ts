import { isRegion } from "../aws/region.js";
import type { Context } from "../context.js";
import { badRegion } from "./option-failures.js";
import { findRegion } from "./region.js";
import type { SettingsSearch } from "./settings-of.js";

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

/**
 * The region of findRegion, to be used.
 *
 * @throws Failure `bad-region`, exit code 252; and as findRegion
 */
export async function regionOf(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): Promise<string | undefined> {
  const found = await findRegion(context, search);
  return found === undefined ? undefined : checkedRegion(found.value, found.from);
}
