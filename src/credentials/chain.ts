import type { Context } from "../context.js";
import { type ProfileInForce, profileInForce } from "../profiles/profile-in-force.js";
import { readProfiles } from "../profiles/profiles.js";
import type { Around } from "./around.js";
import { containerOf } from "./container-variables.js";
import type { CredentialSource } from "./credentials.js";
import { environmentKeys } from "./environment-keys.js";
import { optionFileSource, secretFileSource } from "./file-source.js";
import type { SourceSearch } from "./find-source.js";
import { instanceOf, isDisabled } from "./instance-settings.js";
import { roleOfProfile } from "./profile-role.js";
import { firstOf, KEY_STEPS, type Step, WEB_IDENTITY } from "./profile-steps.js";
import { profileNowhere, secretProfiles } from "./profiles-elsewhere.js";
import { variableOrSecret } from "./variable-or-secret.js";
import { webIdentityOfOption } from "./web-identity-settings.js";

const KEY_VARIABLES: Step = {
  title: "keys in variables",
  find: ({ context, withVariables }) => (withVariables ? environmentKeys(context) : undefined),
};
const ROLE: Step = { title: "role of the profile", find: (around) => roleOfProfile(around) };
export const CONTAINER: Step = {
  title: "role of the container",
  find: ({ context, search }) => containerOf(context, search.timeoutMs),
};
export const SECRET: Step = {
  title: "secret aws-credentials",
  find: ({ context, search, profile }) => secretFileSource({ ...search, profile }, context),
};

/** The order of the AWS CLI 2.36; it does not know the secret. */
export const AWS_CLI_ORDER: readonly Step[] = [KEY_VARIABLES, ROLE, WEB_IDENTITY, ...KEY_STEPS, CONTAINER];

/** For a profile that somebody names. */
const NAMED_ORDER: readonly Step[] = [...AWS_CLI_ORDER, SECRET];

/** For a `default` that nobody names: its keys come last, since the container's role is what we are for. */
const UNNAMED_ORDER: readonly Step[] = [KEY_VARIABLES, ROLE, WEB_IDENTITY, CONTAINER, SECRET, ...KEY_STEPS];

/** What is looked at, and in which order. */
export interface Chain {
  readonly around: Around;
  readonly inForce: ProfileInForce;
  readonly order: readonly Step[];
}

function inForceIn(search: Pick<SourceSearch, "profile">, context: Context): ProfileInForce {
  return profileInForce((name) => variableOrSecret(name, context)?.value, search.profile);
}

/**
 * The chain of the profile in force.
 *
 * @throws Failure `config-file`, `sso-session`; `profile-missing` for a profile that is named, and neither in a file nor in the secret
 */
export function chainOf(search: SourceSearch, context: Context): Chain {
  const reread = () => readProfiles(context);
  const profiles = reread();
  const inForce = inForceIn(search, context);
  const { name, namedBy } = inForce;
  const around = {
    search,
    context,
    profiles,
    reread,
    profile: name,
    inForce: name,
    withVariables: namedBy !== "--profile",
  };
  profiles.checkSsoSession(name);
  if (namedBy === undefined) return { around, inForce, order: UNNAMED_ORDER };
  if (profiles.get(name) !== undefined) return { around, inForce, order: NAMED_ORDER };
  const secret = secretProfiles(context);
  if (secret?.get(name) === undefined) throw profileNowhere(inForce, profiles, secret);
  return { around, inForce, order: [KEY_VARIABLES, WEB_IDENTITY, SECRET] };
}

/**
 * The secret `aws-credentials`, for who asks no other file: of its profiles that in force, as in the chain.
 *
 * @returns undefined when there is none
 * @throws Failure of the file, and of the profile in it; `profile-missing` as chainOf
 */
export async function secretInForce(
  search: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  const inForce = inForceIn(search, context);
  const { name, namedBy } = inForce;
  const held = secretProfiles(context);
  if (namedBy !== undefined && held !== undefined && held.get(name) === undefined) {
    const profiles = readProfiles(context);
    if (profiles.get(name) === undefined) throw profileNowhere(inForce, profiles, held);
  }
  return secretFileSource({ ...search, profile: name }, context);
}

/** What a `default` that nobody names has: it loses here, and wins with the AWS CLI. */
async function passedOverBy(winner: Step, around: Around): Promise<string | undefined> {
  // Of a profile that is named, the keys come before these two: where one of them wins, there are none.
  if (winner !== CONTAINER && winner !== SECRET) return undefined;
  try {
    return (await firstOf(KEY_STEPS, around))?.description.name;
  } catch {
    // What cannot be used there stops the AWS CLI.
    return `profile ${around.profile}`;
  }
}

/**
 * What the options name, but for `--profile` alone, which chooses within the chain; undefined without such an option. With
 * `--if-available` it may come to nothing.
 */
function ofOption(search: SourceSearch, context: Context): Promise<CredentialSource | undefined> | undefined {
  const { credentialsFile, webIdentity, instanceRole } = search;
  if (credentialsFile !== undefined) return optionFileSource(credentialsFile, search, context);
  if (webIdentity) return webIdentityOfOption({ context, search });
  if (!instanceRole) return undefined;
  return instanceOfOption(search, context);
}

async function instanceOfOption(
  search: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  if (search.ifAvailable && isDisabled(context)) return undefined;
  return instanceOf(chainOf(search, context).around, "--instance-role");
}

/**
 * The source that an option names, else the first of the chain.
 *
 * @returns undefined when nothing is configured, or with `--if-available` what an option names is not there
 * @throws Failure with exit code 253
 */
export async function firstInChain(
  search: SourceSearch,
  context: Context,
): Promise<CredentialSource | undefined> {
  const named = ofOption(search, context);
  if (named !== undefined) return named;
  const { around, order } = chainOf(search, context);
  for (const step of order) {
    const source = await step.find(around);
    if (source !== undefined) return { ...source, passedOver: await passedOverBy(step, around) };
  }
  return undefined;
}
