import type { Profiles, Setting } from "./profiles.js";

/** A value, and what gave it: `AWS_CA_BUNDLE`; `~/.aws/config, profile x`. */
export interface NamedValue {
  readonly value: string;
  readonly from: string;
}

/** What the profile in force says. One that does not exist says nothing: who looks for keys refuses it. */
export interface SettingsInForce {
  /** A setting, as Profile.get has it. */
  get(setting: string): NamedValue | undefined;
  /** `endpoint_url` of a service, as Profiles.serviceEndpoint has it, with its Failure. */
  serviceEndpoint(service: string): NamedValue | undefined;
  /** As Profiles.checkSsoSession, with its Failure. */
  checkSsoSession(): void;
}

/** The settings of one of these profiles. */
export function settingsIn(name: string, profiles: Profiles): SettingsInForce {
  const profile = profiles.get(name);
  const named = (setting: Setting | undefined) =>
    setting && { value: setting.value, from: `${setting.file}, profile ${name}` };
  return {
    get: (setting) => named(profile?.get(setting)),
    serviceEndpoint: (service) => named(profile && profiles.serviceEndpoint(profile, service)),
    checkSsoSession: () => profiles.checkSsoSession(name),
  };
}
