import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { expandedPath } from "./expanded-path.js";
import {
  configFileBroken,
  type NamedConfigFile,
  serviceNotNested,
  servicesMissing,
  settingOfLines,
  ssoSessionUnusable,
} from "./failures.js";
import { IniFault, parseIni, type Section, type Value } from "./parse-ini.js";
import type { ProfileNames } from "./profile-names.js";
import { readConfigFile } from "./read-config-file.js";
import { secretSettingsIn } from "./secret-settings.js";
import { type ConfigSections, configSections } from "./sections.js";

export interface Setting {
  readonly value: string;
  /** As a message names it: `~/.aws/config`, `AWS_CONFIG_FILE`, the path of an option. */
  readonly file: string;
}

export interface Profile {
  readonly name: string;
  /**
   * A setting as botocore has it: of the credentials file, else of the config file; `s3.addressing_style` is nested below
   * `s3`, and is looked for in one of the two only, in the one that counts for `s3`. An empty value is one.
   *
   * @throws Failure `setting-lines` for a value with a line break, where none can be meant
   */
  get(setting: string): Setting | undefined;
  /** The same of one file: keys are never mixed from two. */
  inCredentials(setting: string): Setting | undefined;
  inConfig(setting: string): Setting | undefined;
}

export interface Profiles extends ProfileNames {
  get(name: string): Profile | undefined;
  /**
   * `endpoint_url` of a service in the section of services that a profile names; undefined where there is none, or an
   * empty one.
   *
   * @param service `s3`, `sts`
   * @throws Failure `services-missing` where the profile names a section that is not there
   */
  serviceEndpoint(profile: Profile, service: string): Setting | undefined;
  /**
   * Checks the profile in force as botocore does before it asks anybody, whoever's keys it uses (SSOTokenProvider).
   *
   * @throws Failure `sso-session` where its sso_session names a section that is not there, or is without a setting it needs
   */
  checkSsoSession(name: string): void;
}

/** The sections of a file by the names of their profiles, and how messages name the file. */
interface Source {
  readonly file: string;
  readonly profiles: ReadonlyMap<string, Section>;
}

/** Words of a command may stand in several lines. What is nested is lines by its nature. */
const MAY_HAVE_LINES = new Set(["credential_process"]);

function isOfLines(setting: string, { text, nested }: Value): boolean {
  return nested === undefined && text.includes("\n") && !MAY_HAVE_LINES.has(setting);
}

/** @throws Failure `setting-lines` */
function settingIn({ file, profiles }: Source, name: string, setting: string): Setting | undefined {
  const [top = "", ...below] = setting.split(".");
  const value = profiles.get(name)?.get(top);
  if (value !== undefined && isOfLines(top, value)) throw settingOfLines(name, top, file);
  const text = below.length === 0 ? value?.text : value?.nested?.get(below.join("."));
  return text === undefined ? undefined : { value: text, file };
}

function profileOf(name: string, credentials: Source, config: Source): Profile {
  return {
    name,
    get: (setting) => {
      const counts = credentials.profiles.get(name)?.has(setting.split(".")[0] ?? "") ? credentials : config;
      return settingIn(counts, name, setting);
    },
    inCredentials: (setting) => settingIn(credentials, name, setting),
    inConfig: (setting) => settingIn(config, name, setting),
  };
}

function serviceEndpoint(
  services: ConfigSections["services"],
  configFile: string,
  profile: Profile,
  service: string,
): Setting | undefined {
  const named = profile.get("services");
  if (named === undefined) return undefined;
  const section = services.get(named.value);
  if (section === undefined || section.size === 0) throw servicesMissing(profile.name, named);
  const settings = section.get(service);
  if (settings !== undefined && settings.nested === undefined)
    throw serviceNotNested(named.value, service, configFile);
  const value = settings?.nested?.get("endpoint_url");
  return value ? { value, file: configFile } : undefined;
}

const OF_SSO_SESSION = ["sso_start_url", "sso_region"];

function checkSsoSession(sessions: ConfigSections["ssoSessions"], profile: Profile | undefined): void {
  const named = profile?.get("sso_session");
  if (profile === undefined || named === undefined) return;
  const section = sessions.get(named.value);
  const missing = OF_SSO_SESSION.filter((name) => !section?.has(name));
  if (missing.length > 0) throw ssoSessionUnusable(profile.name, named, missing, section !== undefined);
}

function profilesOf(
  credentials: Source,
  config: Source,
  { services, ssoSessions }: Pick<ConfigSections, "services" | "ssoSessions">,
  unprefixed: readonly string[] = [],
): Profiles {
  const names = [...new Set([...config.profiles.keys(), ...credentials.profiles.keys()])];
  const get = (name: string) => (names.includes(name) ? profileOf(name, credentials, config) : undefined);
  return {
    names,
    unprefixed,
    get,
    serviceEndpoint: (profile, service) => serviceEndpoint(services, config.file, profile, service),
    checkSsoSession: (name) => checkSsoSession(ssoSessions, get(name)),
  };
}

/** @throws Failure `config-file` */
function parsed(text: string | undefined, file: NamedConfigFile): ReadonlyMap<string, Section> {
  if (text !== undefined) learnSecrets(...secretSettingsIn(text));
  try {
    return parseIni(text ?? "");
  } catch (error) {
    throw error instanceof IniFault ? configFileBroken(file, error.line, error.message) : error;
  }
}

/** A file that a variable names, else the one in the home folder. An empty variable counts as not set. */
function namedFile(
  variable: "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE",
  usual: string,
  context: Pick<Context, "env" | "uid">,
): NamedConfigFile {
  const named = context.env[variable];
  return named
    ? { name: variable, path: expandedPath(named, context) }
    : { name: usual, path: expandedPath(usual, context) };
}

/** Where the config file lies, and what a message names it. */
export const configFile = (context: Pick<Context, "env" | "uid">): NamedConfigFile =>
  namedFile("AWS_CONFIG_FILE", "~/.aws/config", context);

/** Where the shared credentials file lies, and what a message names it. */
export const credentialsFile = (context: Pick<Context, "env" | "uid">): NamedConfigFile =>
  namedFile("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", context);

/**
 * Reads both files as botocore does. One that is not there is empty.
 *
 * @throws Failure `config-file` (253) for one that cannot be read or parsed; names file and line, never what stands there
 */
export function readProfiles(context: Pick<Context, "env" | "uid">): Profiles {
  const [config, credentials] = [configFile(context), credentialsFile(context)];
  const { profiles, others, ...sections } = configSections(parsed(readConfigFile(config), config));
  const keys = parsed(readConfigFile(credentials), credentials);
  return profilesOf(
    { file: credentials.name, profiles: keys },
    { file: config.name, profiles },
    sections,
    [...others.keys()].filter((name) => name !== "default"),
  );
}

/**
 * The profiles of one file that may be of either form (`--credentials-file`, the secret `aws-credentials`): `[x]` counts as in
 * a credentials file, `[profile x]` as in a config file.
 *
 * @param shownPath  for messages
 * @throws Failure `config-file`
 */
export function profilesOfText(text: string, shownPath: string): Profiles {
  const file = { name: shownPath, path: shownPath };
  const { profiles, others, ...sections } = configSections(parsed(text, file));
  return profilesOf({ file: shownPath, profiles: others }, { file: shownPath, profiles }, sections);
}
