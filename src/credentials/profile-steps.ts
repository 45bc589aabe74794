import { type Around, namedSetting } from "./around.js";
import type { CredentialSource } from "./credentials.js";
import { signInNeeded } from "./profile-failures.js";
import { profileKeys } from "./profile-keys.js";
import { webIdentityIn } from "./web-identity-settings.js";

/** One place where credentials may be named. */
export interface Step {
  /** As in the table of docs/reference.md. */
  readonly title: string;
  /** Undefined: not named there. Throws a Failure where it is, and cannot be used. Asks nobody. */
  readonly find: (around: Around) => CredentialSource | undefined | Promise<CredentialSource | undefined>;
}

/** The first that is named: that one decides, whether or not it can be used. */
export async function firstOf(steps: readonly Step[], around: Around): Promise<CredentialSource | undefined> {
  for (const { find } of steps) {
    const source = await find(around);
    if (source !== undefined) return source;
  }
  return undefined;
}

/** Settings that sign somebody in, at a browser or with a device: the AWS CLI's affair. */
function refused(settings: readonly string[]): Step["find"] {
  return ({ profiles, profile }) => {
    const found = settings.flatMap((name) => {
      const setting = profiles.get(profile)?.get(name);
      return setting === undefined ? [] : [{ name, file: setting.file }];
    })[0];
    if (found === undefined) return undefined;
    throw signInNeeded(namedSetting(found.file, profile), profile, found.name);
  };
}

async function processOf({
  profiles,
  profile,
  context,
  search,
}: Around): Promise<CredentialSource | undefined> {
  const command = profiles.get(profile)?.get("credential_process");
  if (command === undefined) return undefined;
  const { processSource } = await import("./process.js");
  const from = namedSetting(command.file, profile);
  const accountId = profiles.get(profile)?.get("aws_account_id")?.value;
  return processSource({ command: command.value, from, profile, accountId }, context, search.timeoutMs);
}

/** What a profile has of its own, in botocore's order; a role that it assumes comes before. */
export const KEY_STEPS: readonly Step[] = [
  { title: "sso", find: refused(["sso_role_name", "sso_account_id"]) },
  {
    title: "keys in the credentials file",
    find: (around) => profileKeys("inCredentials", around),
  },
  { title: "login_session", find: refused(["login_session"]) },
  { title: "credential_process", find: processOf },
  { title: "keys in the config file", find: (around) => profileKeys("inConfig", around) },
];

export const WEB_IDENTITY: Step = { title: "web identity", find: webIdentityIn };

/** What gives the keys of a profile that is another's source. */
export const OWN_STEPS: readonly Step[] = [WEB_IDENTITY, ...KEY_STEPS];
