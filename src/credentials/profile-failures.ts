import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { meantProfile, type ProfileNames } from "../profiles/profile-names.js";

const exitCode = ExitCode.configuration;

/** @param from `~/.aws/config, profile deploy` */
function unusableRole(from: string, fault: string, hint: string): Failure {
  return new Failure("profile-role", {
    message: `the role of ${printable(from)} cannot be assumed: ${fault}`,
    hint,
    exitCode,
  });
}

const TWO_WAYS =
  "write source_profile = NAME (a profile with keys) or credential_source = EcsContainer, Environment or Ec2InstanceMetadata next to role_arn";

export function roleArnEmpty(from: string): Failure {
  return unusableRole(from, "role_arn is empty", "write role_arn = arn:aws:iam::ACCOUNT:role/NAME");
}

/** @param least characters that STS takes at the least */
export function roleSettingTooShort(from: string, setting: string, least: number): Failure {
  return unusableRole(
    from,
    `${setting} has fewer than ${least} characters, which AWS STS does not accept`,
    setting === "role_arn"
      ? "write role_arn = arn:aws:iam::ACCOUNT:role/NAME"
      : `write the ${setting} that the role's trust policy names, or none`,
  );
}

/** @param seconds below the least that STS takes */
export function roleTooBrief(from: string, seconds: number, least: number): Failure {
  return unusableRole(
    from,
    `duration_seconds = ${seconds} is less than ${least}`,
    `AWS STS issues keys for at least ${least} s: leave it out for one hour`,
  );
}

/** Keys of its own are no source for the AWS CLI either: a profile has to name itself. */
export function roleWithoutSource(from: string): Failure {
  return unusableRole(from, "it names neither source_profile nor credential_source", TWO_WAYS);
}

export function roleWithTwoSources(from: string): Failure {
  return unusableRole(from, "it names both source_profile and credential_source", "remove one of them");
}

export function sourceProfileMissing(from: string, name: string, there: ProfileNames): Failure {
  return unusableRole(
    from,
    `its source_profile ${printable(name)} does not exist`,
    meantProfile(name, there) ?? TWO_WAYS,
  );
}

/** @param visited the profiles on the way, the first one that comes twice last */
export function sourceProfileLoop(from: string, visited: readonly string[]): Failure {
  return unusableRole(
    from,
    `source_profile refers back to itself: ${visited.map(printable).join(" -> ")}`,
    "the last profile of a chain must have keys or a credential_source",
  );
}

export function sourceProfileWithoutKeys(from: string, name: string): Failure {
  return unusableRole(
    from,
    `its source_profile ${printable(name)} has no credentials`,
    `give ${printable(name)} keys or a role, or name another source_profile`,
  );
}

export function credentialSourceUnknown(from: string, name: string): Failure {
  return unusableRole(
    from,
    `credential_source = ${printable(name)} is not a valid source`,
    "use EcsContainer, Environment or Ec2InstanceMetadata, with exactly these letters",
  );
}

const WHERE: Readonly<Record<string, string>> = {
  EcsContainer:
    "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is in the environment or under /run/secrets: pass one in, as for verify",
  Environment: "AWS_ACCESS_KEY_ID is neither in the environment nor under /run/secrets",
};

export function credentialSourceEmpty(from: string, name: string): Failure {
  return unusableRole(
    from,
    `its credential_source ${printable(name)} gives no credentials`,
    WHERE[name] ?? "",
  );
}

const SIGN_INS: Readonly<Record<string, string>> = {
  mfa_serial: "needs a code from an MFA device (mfa_serial)",
  login_session: "signs in with aws login (login_session)",
};

/**
 * What takes a person, a browser or a device.
 *
 * @param setting that says so
 */
export function signInNeeded(from: string, profile: string, setting: string): Failure {
  return new Failure("sign-in-needed", {
    message: `${printable(from)} ${SIGN_INS[setting] ?? `signs in with SSO (${setting})`}, which is not supported here`,
    hint: `where you are signed in, run: (umask 077; aws configure export-credentials --profile ${printable(profile)} > FILE); then pass the file with --credentials-file FILE, or to a build with docker build --secret id=aws-credentials,src=FILE .`,
    exitCode,
  });
}

/** A token file that somebody names, without the role that it is for. */
export function roleMissing({ name }: { readonly name: string }): Failure {
  return new Failure("web-identity-role", {
    message: `${printable(name)} names a web identity token file, but no role is set`,
    hint: "set AWS_ROLE_ARN, or role_arn in the profile",
    exitCode,
  });
}

/** @param name the variable that `--web-identity` misses */
export function webIdentityMissing(name: string): Failure {
  return new Failure("web-identity-variables", {
    message: `--web-identity: ${name} is not set, neither in the environment nor under /run/secrets`,
    hint: "it needs AWS_WEB_IDENTITY_TOKEN_FILE (a path) and AWS_ROLE_ARN, which EKS sets for a pod with a service account",
    exitCode,
  });
}
