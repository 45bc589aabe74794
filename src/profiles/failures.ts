import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { systemError, wordsFor } from "../system-error.js";
import type { ProfileInForce } from "./profile-in-force.js";
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
    hint: `the AWS CLI refuses ${file.name === file.path ? "such a file, too: fix the line" : "this file, too: fix the line, or set AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE to /dev/null to do without"}`,
    exitCode,
  });
}

export function configFileUnreadable(file: NamedConfigFile, cause: unknown): Failure {
  const { code, message } = systemError(cause);
  return new Failure("config-file", {
    message: `cannot read ${shown(file)}: ${wordsFor({ EACCES: "permission denied" }, code) ?? printable(code ?? message)}`,
    hint: "expected a file of profiles that this user may read, or none",
    exitCode,
    cause,
  });
}

/** A line that is indented goes on with the setting above it. Nothing of it is printed: it may hold a secret. */
export function settingOfLines(profile: string, setting: string, file: string): Failure {
  return new Failure("setting-lines", {
    message: `${printable(setting)} in ${printable(file)}, profile ${printable(profile)} holds a line break: is the line below it indented?`,
    hint: "a line that is indented goes on with the setting above it: begin each setting at the start of its line",
    exitCode,
  });
}

/** The two files of the AWS CLI. */
export const AWS_FILES = "~/.aws/config and ~/.aws/credentials";

/** @param there the profiles there are, in both files, and where else was looked */
export function profileMissing(
  { name, namedBy }: ProfileInForce,
  there: readonly string[],
  where = AWS_FILES,
): Failure {
  const names = there.slice(0, 10).map(printable).join(", ");
  return new Failure("profile-missing", {
    message: `there is no profile ${printable(name)}${namedBy === undefined ? "" : ` (${namedBy})`} in ${where}`,
    hint:
      names === ""
        ? "no profile is there at all: is the file passed in?"
        : `the profiles there are: ${names}`,
    exitCode,
  });
}

/** `services = x` without a `[services x]`, or with an empty one. */
export function servicesMissing(profile: string, { value, file }: Setting): Failure {
  return new Failure("services-missing", {
    message: `the profile ${printable(profile)} in ${printable(file)} says services = ${printable(value)}, and no section [services ${printable(value)}] with settings is there`,
    hint: "write the section into the config file, or take the line away; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true passes over it",
    exitCode,
  });
}

/** `s3 = URL` in a section of services, where `endpoint_url = URL` belongs below it. */
export function serviceNotNested(section: string, service: string, file: string): Failure {
  return new Failure("services-missing", {
    message: `${service} in [services ${printable(section)}] of ${printable(file)} is a value, not nested settings`,
    hint: `expected ${service} = and, indented in the next line, endpoint_url = URL`,
    exitCode,
  });
}
