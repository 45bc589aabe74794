import type { Context } from "../context.js";
import { type Around, namedSetting } from "./around.js";
import type { CredentialSource, SourceDescription } from "./credentials.js";
import type { SourceSearch } from "./find-source.js";
import { roleMissing, webIdentityMissing } from "./profile-failures.js";
import { variableOrSecret } from "./variable-or-secret.js";
import { ROLE_ARN, ROLE_SESSION_NAME, WEB_IDENTITY_TOKEN_FILE } from "./variables.js";

type Named = Pick<SourceDescription, "name" | "place"> & { readonly value: string };

/** A variable, where these count, else a setting of the profile: each of the three on its own, as in the AWS CLI. */
function settingIn(variable: string, setting: string, around: Around): Named | undefined {
  const { profiles, profile, context, withVariables } = around;
  const found = withVariables ? variableOrSecret(variable, context) : undefined;
  if (found !== undefined) return { name: variable, ...found };
  const ofProfile = profiles.get(profile)?.get(setting);
  return ofProfile && { name: namedSetting(ofProfile.file, profile), place: "file", value: ofProfile.value };
}

/**
 * The role of a token file; undefined without the file.
 *
 * @throws Failure `web-identity-role` without a role
 */
export async function webIdentityIn(around: Around): Promise<CredentialSource | undefined> {
  const file = settingIn(WEB_IDENTITY_TOKEN_FILE, "web_identity_token_file", around);
  if (file === undefined || file.value === "") return undefined;
  const role = settingIn(ROLE_ARN, "role_arn", around);
  if (!role?.value) throw roleMissing(file);
  return sourceOf(file, role.value, settingIn(ROLE_SESSION_NAME, "role_session_name", around), around);
}

/**
 * `--web-identity`: the three variables, or secrets of their names.
 *
 * @returns undefined without a token file, where `--if-available` allows it: the role may be named in any build
 * @throws Failure `web-identity-variables` for what is not there
 */
export async function webIdentityOfOption({
  context,
  search,
}: {
  readonly context: Context;
  readonly search: SourceSearch;
}): Promise<CredentialSource | undefined> {
  const [file, role, session] = [WEB_IDENTITY_TOKEN_FILE, ROLE_ARN, ROLE_SESSION_NAME].map((name) =>
    variableOrSecret(name, context),
  );
  if (file === undefined && search.ifAvailable) return undefined;
  if (file === undefined) throw webIdentityMissing(WEB_IDENTITY_TOKEN_FILE);
  if (role === undefined) throw webIdentityMissing(ROLE_ARN);
  return sourceOf({ name: WEB_IDENTITY_TOKEN_FILE, ...file }, role.value, session, { context, search });
}

async function sourceOf(
  { name, place, value }: Named,
  roleArn: string,
  session: Pick<Named, "value"> | undefined,
  { context, search }: Pick<Around, "context" | "search">,
): Promise<CredentialSource> {
  const { webIdentitySource } = await import("./web-identity.js");
  const given = { tokenFile: value, roleArn, sessionName: session?.value, name, place };
  return webIdentitySource(given, search.sts, context);
}
