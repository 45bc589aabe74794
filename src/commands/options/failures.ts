import { type Failure, usageFailure } from "../../failure.js";
import { printable, shortened } from "../../output/printable.js";
import type { NamedValue } from "../../profiles/settings-in-force.js";
import { systemError } from "../../system-error.js";

export function badNumber(option: string, value: string, range: string): Failure {
  return usageFailure("bad-number", `--${option} '${printable(value)}' is not a number ${range}`);
}

export function badSize(option: string, value: string): Failure {
  return usageFailure(
    "bad-size",
    `--${option} '${printable(value)}' is not a size from 5 MiB to 5 GiB`,
    "Examples: 16MB, 64MiB, 1GB.",
  );
}

export function badMap(option: string): Failure {
  return usageFailure(
    "bad-map",
    `--${option} is not a valid map`,
    `Write --${option} KEY=VALUE,KEY=VALUE, or a JSON object of strings.`,
  );
}

export function metadataNotAscii(key: string): Failure {
  return usageFailure(
    "metadata-not-ascii",
    `--metadata: non-ASCII characters found in the value of '${shortened(key)}': S3 metadata can only contain ASCII characters`,
    "Encode it first, for example as base64 or percent-encoded.",
  );
}

export function badAccount(value: string): Failure {
  return usageFailure(
    "bad-account",
    `--expect-account '${shortened(printable(value))}' is not a valid account ID`,
    "An account ID has 12 digits, without dashes or blanks: 123456789012.",
  );
}

export function badRoleArn(value: string): Failure {
  if (value.trim() === "")
    return usageFailure(
      "bad-role-arn",
      "--role-arn was given an empty value",
      "The variable was empty where it was passed on. In a Dockerfile, its ARG must come after FROM, in this stage.",
    );
  return usageFailure(
    "bad-role-arn",
    `--role-arn '${shortened(printable(value))}' is not a valid ARN of a role`,
    "Example: arn:aws:iam::123456789012:role/NAME, not the ARN of a session.",
  );
}

export function badRoleDuration(value: string): Failure {
  return usageFailure(
    "bad-duration",
    `--duration '${shortened(printable(value))}' is not a duration from 15m to 12h`,
    "Examples: 15m, 1h30m, 12h; a bare number is seconds.",
  );
}

export function badSessionName(value: string): Failure {
  return usageFailure(
    "bad-session-name",
    `--role-session-name '${shortened(printable(value))}' is not a valid session name`,
    "Use at least two characters, or leave it out. The variable may have been empty where it was passed on.",
  );
}

/** Never shows it: whoever knows it and the role's ARN has half of what is needed. */
export function badExternalId(): Failure {
  return usageFailure(
    "bad-external-id",
    "--external-id is not a valid external ID",
    "Use the 2 to 1224 letters, digits and _+=,.@:/- that you got from the role's owner, without spaces or line breaks around them.",
  );
}

export function badGrant(): Failure {
  return usageFailure(
    "bad-grant",
    "grants should be of the form permission=principal",
    "PERMISSION is read, readacl, writeacl or full.",
  );
}

export function badVersion(value: string): Failure {
  return usageFailure(
    "bad-version",
    `--version-id '${shortened(printable(value))}' is not a valid version ID`,
    "The variable was empty or had a line break where it was passed on.",
  );
}

export function badTime(value: string): Failure {
  return usageFailure(
    "bad-time",
    `--expires '${printable(value)}' is not a valid time`,
    "Example: 2030-01-31T12:00:00Z",
  );
}

export function badHeaderValue(option: string): Failure {
  return usageFailure(
    "bad-header-value",
    `--${option} holds a line break or another control character, or is not valid UTF-8`,
  );
}

/** What a `file://` or `fileb://` value names cannot be read. */
export function valueFileUnreadable(option: string, path: string, cause: unknown): Failure {
  const { code } = systemError(cause);
  return usageFailure(
    "value-file-unreadable",
    `--${option}: unable to load the file ${printable(path)}: ${code ?? "unreadable"}`,
    undefined,
    cause,
  );
}

export function needsBoth(option: string, other: string): Failure {
  return usageFailure("needs-both", `If --${option} is specified, --${other} must be specified as well.`);
}

export function badCustomerKey(option: string): Failure {
  return usageFailure(
    "bad-customer-key",
    `--${option} is not 32 bytes`,
    `Give it as fileb://FILE, not base64 encoded.`,
  );
}

/** An option that means nothing for this direction, in the AWS CLI's words. */
export function wrongDirection(option: string, formats: string): Failure {
  return usageFailure(
    "wrong-direction",
    `Expected ${option} parameter to be used with one of following path formats: ${formats}.`,
  );
}

/** In the AWS CLI's words. */
export function notForStreams(option: string): Failure {
  return usageFailure("not-for-streams", `--${option} parameter is not supported for streaming downloads`);
}

export function onlyWith(option: string, needed: string): Failure {
  return usageFailure("only-with", `--${option} works only with ${needed}`);
}

/** @param from what names it */
export function badAddressingStyle(value: string, from: string): Failure {
  return usageFailure(
    "bad-addressing-style",
    `addressing_style '${shortened(printable(value))}' in ${printable(from)} is not a valid addressing style`,
    "One of: path, virtual, auto.",
  );
}

/** @param region of a partition without them */
export function fipsUnsupported(region: string): Failure {
  return usageFailure(
    "fips-unsupported",
    `S3 has no FIPS endpoint in the partition of ${printable(region)}`,
    "Turn it off: AWS_USE_FIPS_ENDPOINT=false goes before use_fips_endpoint of the profile.",
  );
}

/** @param what asks for it */
export function accelerateUnusable(what: string): Failure {
  return usageFailure(
    "accelerate-unusable",
    `S3 Transfer Acceleration is not supported here: ${printable(what)} asks for it`,
    "Leave it out: requests then go to the bucket's own region.",
  );
}

/**
 * What the AWS CLI does not understand either, in the environment or a profile.
 *
 * @param expected a sentence
 */
export function badSetting(setting: string, { value, from }: NamedValue, expected: string): Failure {
  return usageFailure(
    "bad-setting",
    `${setting} '${shortened(printable(value))}' in ${printable(from)} is not valid`,
    expected,
  );
}
