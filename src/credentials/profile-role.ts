import type { Profile } from "../profiles/profiles.js";
import { type Around, namedSetting } from "./around.js";
import { assumedRoleSource } from "./assumed-role.js";
import { containerOf } from "./container-variables.js";
import type { CredentialSource } from "./credentials.js";
import { environmentKeys } from "./environment-keys.js";
import { instanceOf } from "./instance-settings.js";
import {
  credentialSourceEmpty,
  credentialSourceUnknown,
  roleArnEmpty,
  roleWithoutSource,
  roleWithTwoSources,
  signInNeeded,
  sourceProfileLoop,
  sourceProfileMissing,
  sourceProfileWithoutKeys,
} from "./profile-failures.js";
import { firstOf, OWN_STEPS } from "./profile-steps.js";
import { roleRequestOf } from "./role-request.js";

const STATIC_KEYS = ["aws_access_key_id", "aws_secret_access_key"];

const hasKeys = (profile: Profile) => STATIC_KEYS.some((name) => profile.get(name) !== undefined);

/** A profile with a token file assumes its role by web identity, whatever else it says. */
const assumesRole = (profile: Profile) =>
  profile.get("role_arn") !== undefined && profile.get("web_identity_token_file") === undefined;

/** `credential_source`: its three names, which are case-sensitive. */
const NAMED_SOURCES: Readonly<
  Record<string, (around: Around, from: string) => Promise<CredentialSource | undefined>>
> = {
  Environment: async ({ context }) => environmentKeys(context),
  EcsContainer: async ({ context, search }) => containerOf(context, search.timeoutMs),
  Ec2InstanceMetadata: async (around, from) => instanceOf(around, from),
};

async function namedSource(name: string, around: Around, from: string): Promise<CredentialSource> {
  const find = Object.hasOwn(NAMED_SOURCES, name) ? NAMED_SOURCES[name] : undefined;
  if (find === undefined) throw credentialSourceUnknown(from, name);
  const source = await find(around, from);
  if (source === undefined) throw credentialSourceEmpty(from, name);
  return source;
}

/** The keys of the profile that `source_profile` names: its own where it has any, else those of the role it assumes. */
async function ofSourceProfile(
  name: string,
  around: Around,
  visited: readonly string[],
  from: string,
): Promise<CredentialSource> {
  const profile = around.profiles.get(name);
  if (profile === undefined) throw sourceProfileMissing(from, name, around.profiles);
  const isItself = name === around.profile && hasKeys(profile);
  if (visited.includes(name) && !isItself) throw sourceProfileLoop(from, [...visited, name]);
  const there = { ...around, profile: name, withVariables: false };
  const source =
    hasKeys(profile) || !assumesRole(profile)
      ? await firstOf(OWN_STEPS, there)
      : await roleOfProfile(there, [...visited, name]);
  if (source === undefined) throw sourceProfileWithoutKeys(from, name);
  return source;
}

/**
 * The role that the profile assumes with the keys of another profile (`source_profile`) or of a source that it names
 * (`credential_source`), as botocore's AssumeRoleProvider; undefined where it says no role.
 *
 * @param visited the profiles on the way here
 * @throws Failure `profile-role`, `sign-in-needed`, and those of the source
 */
export async function roleOfProfile(
  around: Around,
  visited: readonly string[] = [around.profile],
): Promise<CredentialSource | undefined> {
  const { profiles, profile: name, context, search } = around;
  const profile = profiles.get(name);
  const role = profile?.get("role_arn");
  if (profile === undefined || role === undefined || !assumesRole(profile)) return undefined;
  const from = namedSetting(role.file, name);
  if (role.value === "") throw roleArnEmpty(from);
  const sourceProfile = profile.get("source_profile")?.value;
  const credentialSource = profile.get("credential_source")?.value;
  if (sourceProfile !== undefined && credentialSource !== undefined) throw roleWithTwoSources(from);
  if (profile.get("mfa_serial") !== undefined) throw signInNeeded(from, name, "mfa_serial");
  if (sourceProfile === undefined && credentialSource === undefined) throw roleWithoutSource(from);
  const request = roleRequestOf(profile, role.value, from);
  const base =
    credentialSource === undefined
      ? await ofSourceProfile(sourceProfile ?? "", around, visited, from)
      : await namedSource(credentialSource, around, from);
  return assumedRoleSource(base, request, search.sts, context);
}
