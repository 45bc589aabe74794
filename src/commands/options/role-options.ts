import type { Invocation } from "../../cli/invocation.js";
import { optionNeeds } from "../../cli/option-failures.js";
import type { RoleRequest } from "../../credentials/credentials.js";
import { sessionNameOf } from "../../credentials/session-name.js";
import { parseDuration } from "../../output/duration.js";
import { badExternalId, badRoleArn, badRoleDuration, badSessionName } from "./failures.js";

/** What belongs to `--role-arn`. */
const OF_ROLE = ["role-session-name", "external-id", "duration"] as const;

const MINUTE = 60_000;
const SHORTEST = 15 * MINUTE;
const LONGEST = 12 * 60 * MINUTE;

/** Of IAM's form, with an account of AWS's 12 digits; other stores have accounts with letters, or none. */
const ROLE_ARN = /^arn:[\w-]+:iam::(?:\d{12}|(?=[\d-]*[A-Za-z_])[\w-]+|):role\/[!-~]+$/;

/** The account as examples have it, where a real one belongs. */
const PLACEHOLDER = /^arn:[\w-]+:iam::(?:AWS_?)?ACCOUNT(?:[_-]?ID)?:/i;

/** AWS STS API Reference, AssumeRole, ExternalId. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** STS takes 15 minutes to 12 hours (AssumeRole, DurationSeconds), in whole seconds. */
function secondsOf(invocation: Invocation): number | undefined {
  const value = invocation.value("duration");
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === undefined || ms < SHORTEST || ms > LONGEST) throw badRoleDuration(value);
  return Math.floor(ms / 1000);
}

function sessionNameIn(invocation: Invocation): string | undefined {
  const value = invocation.value("role-session-name");
  if (value !== undefined && sessionNameOf(value) === undefined) throw badSessionName(value);
  return value;
}

function externalIdIn(invocation: Invocation): string | undefined {
  const value = invocation.value("external-id");
  if (value !== undefined && !EXTERNAL_ID.test(value)) throw badExternalId();
  return value;
}

/**
 * `--role-arn`, with what belongs to it.
 *
 * @throws Failure (252) `option-needs`, `bad-role-arn`, `bad-duration`, `bad-session-name`, `bad-external-id`
 */
export function roleOption(invocation: Invocation): RoleRequest | undefined {
  const roleArn = invocation.value("role-arn");
  if (roleArn === undefined) {
    const lone = OF_ROLE.find((name) => invocation.flag(name));
    if (lone !== undefined) throw optionNeeds(lone, "--role-arn");
    return undefined;
  }
  if (!ROLE_ARN.test(roleArn) || PLACEHOLDER.test(roleArn)) throw badRoleArn(roleArn);
  return {
    roleArn,
    sessionName: sessionNameIn(invocation),
    externalId: externalIdIn(invocation),
    durationSeconds: secondsOf(invocation),
    from: "--role-arn",
  };
}
