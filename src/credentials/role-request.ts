import type { Profile } from "../profiles/profiles.js";
import type { RoleRequest } from "./credentials.js";
import { roleSettingTooShort, roleTooBrief } from "./profile-failures.js";

/** What STS takes at the least ("AssumeRole", AWS STS API Reference): all that the AWS CLI checks before it asks. */
const LEAST = { arnLength: 20, externalIdLength: 2, seconds: 900 };

/** As Python's int() takes it; what is no number is passed over, as by the AWS CLI. */
function secondsIn(text: string | undefined): number | undefined {
  const isNumber = text !== undefined && /^[+-]?\d+(?:_\d+)*$/.test(text.trim());
  return isNumber ? Number(text.replaceAll("_", "")) : undefined;
}

/**
 * What a profile says of the role that it assumes.
 *
 * @param from where it says so
 * @throws Failure `profile-role` for what STS would not take
 */
export function roleRequestOf(profile: Profile, roleArn: string, from: string): RoleRequest {
  const value = (name: string) => profile.get(name)?.value;
  const externalId = value("external_id");
  const durationSeconds = secondsIn(value("duration_seconds"));
  if (roleArn.length < LEAST.arnLength) throw roleSettingTooShort(from, "role_arn", LEAST.arnLength);
  if (externalId !== undefined && externalId.length < LEAST.externalIdLength)
    throw roleSettingTooShort(from, "external_id", LEAST.externalIdLength);
  if (durationSeconds !== undefined && durationSeconds < LEAST.seconds)
    throw roleTooBrief(from, durationSeconds, LEAST.seconds);
  return { roleArn, sessionName: value("role_session_name"), externalId, durationSeconds, from };
}
