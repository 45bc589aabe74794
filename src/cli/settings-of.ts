import type { Context } from "../context.js";
import { profileMissing } from "../credentials/file-failures.js";
import { fileProfiles, isAbsent, profileNowhere, secretProfiles } from "../credentials/profiles-elsewhere.js";
import { readSecret } from "../credentials/secret-file.js";
import { profileInForce } from "../profiles/profile-in-force.js";
import { readProfiles } from "../profiles/profiles.js";
import { type SettingsInForce, settingsIn } from "../profiles/settings-in-force.js";

/** What the command line says about where settings come from. */
export interface SettingsSearch {
  /** `--profile` */
  readonly profile?: string | undefined;
  /** `--credentials-file` */
  readonly credentialsFile?: string | undefined;
  /** `--if-available`: the file may be missing. */
  readonly ifAvailable?: boolean | undefined;
  /** A profile that somebody names has to be there: nobody looks for its keys, who would say so. */
  readonly unsigned?: boolean;
}

/** Of a file that holds profiles: variables choose none of these. */
function ofFile(path: string, search: SettingsSearch): SettingsInForce | undefined {
  const { profile, unsigned, ifAvailable } = search;
  const profiles = ifAvailable && isAbsent(path) ? undefined : fileProfiles(path);
  if (profiles === undefined) return undefined;
  const { name, namedBy } = profileInForce(() => undefined, profile);
  if (unsigned && namedBy !== undefined && profiles.get(name) === undefined)
    throw profileMissing(path, name, profiles.names);
  return settingsIn(name, profiles);
}

/**
 * The settings of the profile in force: of `--credentials-file` alone where that holds profiles; else of the two files of the
 * AWS CLI; of the secret `aws-credentials` where the profile is in neither of the two, and no option names a file.
 *
 * @throws Failure `config-file`, `secret-unreadable`; of `--credentials-file` as fileProfiles; `profile-missing` where
 *   requests go unsigned
 */
export function settingsOf(
  context: Pick<Context, "env" | "secretsFolder" | "uid">,
  search: SettingsSearch,
): SettingsInForce {
  const { profile, credentialsFile, unsigned } = search;
  const own = credentialsFile === undefined ? undefined : ofFile(credentialsFile, search);
  if (own !== undefined) return own;
  const lookup = (name: string) => context.env[name] || readSecret(context.secretsFolder, name);
  const inForce = profileInForce(lookup, profile);
  const { name, namedBy } = inForce;
  const usual = readProfiles(context);
  // With a file, a name is of that file, and need not be in these.
  if (credentialsFile !== undefined || usual.get(name) !== undefined) return settingsIn(name, usual);
  const secret = secretProfiles(context);
  if (secret?.get(name) !== undefined) return settingsIn(name, secret);
  if (unsigned && namedBy !== undefined) throw profileNowhere(inForce, usual, secret);
  return settingsIn(name, usual);
}
