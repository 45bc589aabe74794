import type { Environment } from "../context.js";
import { type IniSection, parseIniFile } from "./ini-file.js";
import { readSmallFile } from "./secret-file.js";

/** Far above any. */
const LIMIT = 1024 * 1024;

/**
 * What ~/.aws/config says of the profile in force: `--profile`, AWS_PROFILE, AWS_DEFAULT_PROFILE, else `default`, as the AWS
 * CLI has it. A file that cannot be read says nothing: no keys come from it.
 *
 * @param path of ~/.aws/config
 * @param profile `--profile`
 */
export function profileSettings(
  path: string,
  env: Environment,
  profile: string | undefined,
): { settings: IniSection; from: string } | undefined {
  const name = profile || env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || "default";
  let text: string;
  try {
    text = readSmallFile(path, LIMIT);
  } catch {
    return undefined;
  }
  const settings = parseIniFile(text).get(name);
  const shown = env.AWS_CONFIG_FILE ? "AWS_CONFIG_FILE" : "~/.aws/config";
  return settings && { settings, from: `${shown}, profile ${name}` };
}
