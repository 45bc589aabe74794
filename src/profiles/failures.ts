import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { systemError, wordsFor } from "../system-error.js";
import type { ProfileInForce } from "./profile-in-force.js";
import { meantProfile, type ProfileNames } from "./profile-names.js";
import type { Setting } from "./profiles.js";

const exitCode = ExitCode.configuration;

/** A file as it was named, and where it lies. */
export interface NamedConfigFile {
  /** `~/.aws/config`, `AWS_CONFIG_FILE`, the path of an option. */
  readonly name: string;
  readonly path: string;
}

function shown({ name, path }: NamedConfigFile): string {
  return name === path || name.startsWith("~/") ? printable(name) : `${printable(path)} (${name})`;
}

/** A file that holds something else than profiles. Nothing of it is printed: a line may hold a secret. */
export function configFileBroken(file: NamedConfigFile, line: number, what: string): Failure {
  return new Failure("config-file", {
    message: `cannot parse ${shown(file)}, line ${line}: ${what}`,
    hint:
      file.name === file.path
        ? "the AWS CLI refuses such a file, too: fix the line"
        : "the AWS CLI refuses this file, too: fix the line. To ignore the file, set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to /dev/null",
    exitCode,
  });
}

export function configFileUnreadable(file: NamedConfigFile, cause: unknown): Failure {
  const { code, message } = systemError(cause);
  return new Failure("config-file", {
    message: `cannot read ${shown(file)}: ${wordsFor({ EACCES: "permission denied" }, code) ?? printable(code ?? message)}`,
    hint: "this user must be able to read it: check its permissions, or remove it",
    exitCode,
    cause,
  });
}

/** A line that is indented goes on with the setting above it. Nothing of it is printed: it may hold a secret. */
export function settingOfLines(profile: string, setting: string, file: string): Failure {
  return new Failure("setting-lines", {
    message: `${printable(setting)} in ${printable(file)}, profile ${printable(profile)} holds a line break: is the line below it indented?`,
    hint: "an indented line continues the setting above it: remove the blanks before each setting",
    exitCode,
  });
}

/** The two files of the AWS CLI. */
const AWS_FILES = "~/.aws/config or ~/.aws/credentials";

/** Where there is no profile at all: in a build, mostly. */
const NO_PROFILES =
  "neither file has a profile. In a build, mount one as a secret, and set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to its path";

/**
 * @param there the profiles there are, in all places
 * @param where what was read
 */
export function profileMissing(
  { name, namedBy }: ProfileInForce,
  there: ProfileNames,
  where = AWS_FILES,
): Failure {
  return new Failure("profile-missing", {
    message: `there is no profile ${printable(name)}${namedBy === undefined ? "" : ` (${namedBy})`} in ${where}`,
    hint: meantProfile(name, there) ?? NO_PROFILES,
    exitCode,
  });
}

/** `services = x` without a `[services x]`, or with an empty one. */
export function servicesMissing(profile: string, { value, file }: Setting): Failure {
  return new Failure("services-missing", {
    message: `the profile ${printable(profile)} in ${printable(file)} says services = ${printable(value)}, but there is no section [services ${printable(value)}] with settings`,
    hint: "add the section to the config file, or remove the line. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true ignores it",
    exitCode,
  });
}

/**
 * `sso_session = x` without a usable `[sso-session x]`: the AWS CLI stops there, too, whoever's keys it uses.
 *
 * @param missing the settings that the section needs
 * @param isThere whether the section is
 */
export function ssoSessionUnusable(
  profile: string,
  { value, file }: Setting,
  missing: readonly string[],
  isThere: boolean,
): Failure {
  const section = `[sso-session ${printable(value)}]`;
  const fault = isThere ? `${section} is without ${missing.join(" and ")}` : `no section ${section} is there`;
  return new Failure("sso-session", {
    message: `the profile ${printable(profile)} in ${printable(file)} says sso_session = ${printable(value)}, and ${fault}`,
    hint: "the AWS CLI stops here, too: take the line away where the profile has other keys, or write the section into the config file",
    exitCode,
  });
}

/** `s3 = URL` in a section of services, where `endpoint_url = URL` belongs below it. */
export function serviceNotNested(section: string, service: string, file: string): Failure {
  return new Failure("services-missing", {
    message: `${service} in [services ${printable(section)}] of ${printable(file)} is a value, not nested settings`,
    hint: `write ${service} = and, indented on the next line, endpoint_url = URL`,
    exitCode,
  });
}
