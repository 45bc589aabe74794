import type { Environment } from "../context.js";
import { parseIniFile } from "./ini-file.js";
import { readSmallFile } from "./secret-file.js";

/** Far above any. */
const LIMIT = 1024 * 1024;

/**
 * The region of the profile in force: `--profile`, AWS_PROFILE, AWS_DEFAULT_PROFILE, else `default`, as the AWS CLI has
 * it. A file that cannot be read names none: no keys come from it.
 *
 * @param path of ~/.aws/config
 * @param profile `--profile`
 */
export function profileRegion(
  path: string,
  env: Environment,
  profile: string | undefined,
): { value: string; from: string } | undefined {
  const name = profile || env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || "default";
  let text: string;
  try {
    text = readSmallFile(path, LIMIT);
  } catch {
    return undefined;
  }
  const value = parseIniFile(text).get(name)?.get("region");
  const shown = env.AWS_CONFIG_FILE ? "AWS_CONFIG_FILE" : "~/.aws/config";
  return value ? { value, from: `${shown}, profile ${name}` } : undefined;
}
