import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { reason } from "./failures.js";

const exitCode = ExitCode.configuration;

export function secretKeyMissing(): Failure {
  return new Failure("environment-keys", {
    message: "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
    hint: "set both, or neither to use the container's role",
    exitCode,
  });
}

/** Keys become headers. */
export function keyMalformed(name: string): Failure {
  return new Failure("environment-keys", {
    message: `${name} holds a line break or another control character`,
    hint: "set it to the value alone",
    exitCode,
  });
}

export function credentialsFileUnreadable(path: string, cause: unknown): Failure {
  return new Failure("credentials-file-unreadable", {
    message: `cannot read the credentials file ${printable(path)}: ${reason(cause)}`,
    hint: "expected what `aws configure export-credentials` or `node fetch-creds.js export --output FILE` writes, readable for this user",
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
  return new Failure("profile-missing", {
    message: `the credentials file ${printable(path)} has no profile ${printable(profile)}`,
    hint: `choose one with --profile (AWS_PROFILE is for ~/.aws/credentials): ${there.slice(0, 10).map(printable).join(", ")}`,
    exitCode,
  });
}

export function profileWithoutKeys(path: string, profile: string): Failure {
  return new Failure("profile-without-keys", {
    message: `the profile ${printable(profile)} in ${printable(path)} holds no access key with its secret`,
    hint: "profiles that assume a role or sign in are the AWS CLI's: pass on what `aws configure export-credentials` prints",
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
