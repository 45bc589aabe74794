import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { strayFault } from "../output/stray-secret.js";
import { meantProfile } from "../profiles/profile-names.js";
import { reason } from "./failures.js";

const exitCode = ExitCode.configuration;

export function secretKeyMissing(): Failure {
  return new Failure("environment-keys", {
    message: "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
    hint: "set both; or neither, to use the container's role",
    exitCode,
  });
}

/** @param name the variable */
export function environmentKeysExpired(name: string, expiration: string, now: number): Failure {
  return new Failure("environment-keys", {
    message: `the keys in the environment expired at ${printable(expiration)} (${name}); the local clock says ${new Date(now).toISOString()}`,
    hint: `set new keys, or unset ${name} if it does not belong to them`,
    exitCode,
  });
}

export function keysExpirationMalformed(name: string): Failure {
  return new Failure("environment-keys", {
    message: `${name} is not a date`,
    hint: "set it to an RFC 3339 date such as 2030-01-31T12:00:00Z, or unset it",
    exitCode,
  });
}

/** Keys become headers. */
export function keyMalformed(name: string): Failure {
  return new Failure("environment-keys", {
    message: `${name} holds a line break or another control character`,
    hint: "set it to the value without line breaks",
    exitCode,
  });
}

export function credentialsFileUnreadable(path: string, cause: unknown): Failure {
  const fault = strayFault(path) ?? reason(cause);
  return new Failure("credentials-file-unreadable", {
    message: `cannot read the credentials file ${printable(path)}: ${fault}`,
    hint: "expected what `aws configure export-credentials` or `node fetch-creds.js export --output FILE` writes, and that this user can read",
    exitCode,
    cause,
  });
}

export function credentialsFileMalformed(path: string, fault: string): Failure {
  return new Failure("credentials-file-malformed", {
    message: `the credentials file ${printable(path)} cannot be used: ${fault}`,
    hint: "expected the JSON or the KEY=VALUE lines of `aws configure export-credentials`, or an INI file with --profile",
    exitCode,
  });
}

/** @param there the profiles that the file has */
export function profileMissing(path: string, profile: string, there: readonly string[]): Failure {
  const hint = meantProfile(profile, { names: there });
  return new Failure("profile-missing", {
    message: `the credentials file ${printable(path)} has no profile ${printable(profile)}`,
    hint:
      hint === undefined
        ? "it has no profile at all: expected keys below [default]"
        : `${hint}; choose one with --profile`,
    exitCode,
  });
}

export function profileWithoutKeys(path: string, profile: string): Failure {
  return new Failure("profile-without-keys", {
    message: `the profile ${printable(profile)} in ${printable(path)} holds no access key with its secret`,
    hint: "write both aws_access_key_id and aws_secret_access_key in one file, or role_arn with source_profile",
    exitCode,
  });
}

export function fileExpired(path: string, expiration: string, now: number): Failure {
  return new Failure("credentials-file-expired", {
    message: `the credentials in ${printable(path)} expired at ${expiration}; the local clock says ${new Date(now).toISOString()}`,
    hint: "write the file again: (umask 077; aws configure export-credentials > FILE)",
    exitCode,
  });
}
