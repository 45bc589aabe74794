import type { Environment } from "../context.js";
import { badRegion } from "./failures.js";

const REGION = /^(?!\d+$)(?!-)[A-Za-z0-9-]{1,63}$/;

/** Whether a text can be a region: a label of a host name, and not a number (botocore's validate_region_name). */
export function isRegion(text: string): boolean {
  return REGION.test(text) && !text.endsWith("-");
}

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
 * The region that the environment names; an empty variable counts as unset.
 *
 * @throws Failure `bad-region`, exit code 252
 */
export function regionOf(env: Environment): string | undefined {
  const name = ["AWS_REGION", "AWS_DEFAULT_REGION"].find((variable) => env[variable]);
  return name === undefined ? undefined : checkedRegion(env[name] ?? "", name);
}
