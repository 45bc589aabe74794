import { missingValue } from "../../cli/failures.js";
import type { Invocation } from "../../cli/invocation.js";
import { conflictingOptions, optionNeeds } from "../../cli/option-failures.js";
import type { RoleRequest } from "../../credentials/credentials.js";
import type { SourceSearch } from "../../credentials/find-source.js";
import { parseDuration } from "../../output/duration.js";
import { badRoleArn, badRoleDuration } from "./failures.js";

/** What names a source: one of them decides. */
const NAMING = ["uri", "credentials-file", "profile", "web-identity", "instance-role"] as const;

const OF_ROLE = ["role-session-name", "external-id", "duration"] as const;

const MINUTE = 60_000;
const SHORTEST = 15 * MINUTE;
const LONGEST = 12 * 60 * MINUTE;

/** Of IAM's form; other stores have other accounts, or none. */
const ROLE_ARN = /^arn:[\w-]+:iam::[\w-]*:role\/[!-~]+$/;

/** `--profile ''` counts as not given: the variable was empty, and the AWS CLI goes on to its default. */
function given(name: (typeof NAMING)[number], invocation: Invocation): boolean {
  return name === "profile" ? Boolean(invocation.value(name)) : invocation.flag(name);
}

function checkSources(invocation: Invocation): void {
  const [one, other] = NAMING.filter((name) => given(name, invocation));
  if (one === undefined || other === undefined) return;
  const third = NAMING.filter((name) => given(name, invocation))[2];
  // The profile is one of that file.
  if (one === "credentials-file" && other === "profile" && third === undefined) return;
  throw conflictingOptions(one, third ?? other);
}

/** STS takes 15 minutes to 12 hours (AssumeRole, DurationSeconds), in whole seconds. */
function secondsOf(invocation: Invocation): number | undefined {
  const value = invocation.value("duration");
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms < SHORTEST || ms > LONGEST) throw badRoleDuration(value);
  return Math.floor(ms / 1000);
}

function roleOf(invocation: Invocation): RoleRequest | undefined {
  const roleArn = invocation.value("role-arn");
  if (roleArn === undefined) {
    const lone = OF_ROLE.find((name) => invocation.flag(name));
    if (lone !== undefined) throw optionNeeds(lone, "--role-arn");
    return undefined;
  }
  if (!ROLE_ARN.test(roleArn)) throw badRoleArn(roleArn);
  const externalId = invocation.value("external-id");
  if (externalId === "") throw missingValue("external-id", "ID", invocation.verb);
  return {
    roleArn,
    sessionName: invocation.value("role-session-name"),
    externalId,
    durationSeconds: secondsOf(invocation),
    from: "--role-arn",
  };
}

/** Whatever may come to ask STS. */
const ASKING = [
  "sts",
  "expect-role",
  "expect-account",
  "role-arn",
  "web-identity",
  "profile",
  "credentials-file",
] as const;

/**
 * The options that name a source of credentials, or a role on top of it.
 *
 * @throws Failure (252) for two that exclude each other, one that means nothing without another, a wrong ARN or duration
 */
export function sourceOptions(
  invocation: Invocation,
): Pick<SourceSearch, "credentialsFile" | "profile" | "webIdentity" | "instanceRole" | "role"> {
  checkSources(invocation);
  if (invocation.flag("endpoint-url-sts") && !ASKING.some((name) => invocation.flag(name)))
    throw optionNeeds("endpoint-url-sts", "--sts");
  return {
    credentialsFile: invocation.value("credentials-file"),
    profile: invocation.value("profile") || undefined,
    webIdentity: invocation.flag("web-identity"),
    instanceRole: invocation.flag("instance-role"),
    role: roleOf(invocation),
  };
}
