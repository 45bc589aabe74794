import { nearest } from "../output/nearest.js";
import { printable } from "../output/printable.js";

/** The profiles that there are, and what could be taken for one. */
export interface ProfileNames {
  readonly names: readonly string[];
  /** Names of sections of the config file without `profile` before them: the AWS CLI does not read them. */
  readonly unprefixed?: readonly string[];
}

/** `profiles found: default, base`; at most ten of them. */
export function profilesFound(names: readonly string[]): string {
  return `profiles found: ${names.slice(0, 10).map(printable).join(", ")}`;
}

/** Any name of one or two letters is near to another. */
function near(name: string, names: readonly string[]): string | undefined {
  return name.length < 3
    ? names.find((each) => each.toLowerCase() === name.toLowerCase())
    : nearest(name, names);
}

/**
 * The hint for a name that no profile has: what was meant, most likely, and the profiles that there are.
 *
 * @returns undefined where there is none at all
 */
export function meantProfile(name: string, { names, unprefixed = [] }: ProfileNames): string | undefined {
  if (unprefixed.includes(name)) {
    const shown = printable(name);
    return `the config file has [${shown}]: write [profile ${shown}] there`;
  }
  if (names.length === 0) return undefined;
  const meant = near(name, names);
  return meant === undefined
    ? profilesFound(names)
    : `did you mean ${printable(meant)}? ${profilesFound(names)}`;
}
