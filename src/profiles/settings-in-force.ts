import type { Context } from "../context.js";
import { profileMissing } from "./failures.js";
import { type ProfileInForce, profileInForce } from "./profile-in-force.js";
import { type Profiles, readProfiles, type Setting } from "./profiles.js";

/** A value, and what gave it: `AWS_CA_BUNDLE`; `~/.aws/config, profile x`. */
export interface NamedValue {
  readonly value: string;
  readonly from: string;
}

/** What the profile in force says. One that does not exist says nothing: who looks for keys refuses it. */
export interface SettingsInForce {
  readonly inForce: ProfileInForce;
  readonly profiles: Profiles;
  /** A setting, as Profile.get has it. */
  get(setting: string): NamedValue | undefined;
  /** `endpoint_url` of a service, as Profiles.serviceEndpoint has it, with its Failure. */
  serviceEndpoint(service: string): NamedValue | undefined;
}

/**
 * @param option  `--profile`
 * @param secret  the BuildKit secret of a variable's name, which counts where the variable is not set
 * @throws Failure `config-file`
 */
export function settingsInForce(
  context: Pick<Context, "env" | "uid">,
  option: string | undefined,
  secret: (name: string) => string | undefined,
): SettingsInForce {
  const inForce = profileInForce((name) => context.env[name] || secret(name), option);
  const profiles = readProfiles(context);
  const profile = profiles.get(inForce.name);
  const named = (setting: Setting | undefined) =>
    setting && { value: setting.value, from: `${setting.file}, profile ${inForce.name}` };
  return {
    inForce,
    profiles,
    get: (setting) => named(profile?.get(setting)),
    serviceEndpoint: (service) => named(profile && profiles.serviceEndpoint(profile, service)),
  };
}

/**
 * A profile that somebody names has to be there, whatever it is needed for: the AWS CLI goes no further without it.
 *
 * @throws Failure `profile-missing`
 */
export function requireProfile({ inForce, profiles }: SettingsInForce): void {
  if (inForce.namedBy !== undefined && profiles.get(inForce.name) === undefined)
    throw profileMissing(inForce, profiles.names);
}
