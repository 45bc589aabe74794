import { readdirSync, readFileSync, statSync } from "node:fs";
import type { Context } from "../context.js";
import { distance, nearest } from "../output/nearest.js";
import { printable } from "../output/printable.js";
import { readProfiles } from "../profiles/profiles.js";
import { isThere } from "./secret-file.js";
import {
  ACCESS_KEY_ID,
  AUTHORIZATION_TOKEN,
  CREDENTIAL_EXPIRATION,
  CREDENTIALS_SECRET,
  FULL_URI,
  RELATIVE_URI,
  ROLE_ARN,
  ROLE_SESSION_NAME,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
  WEB_IDENTITY_TOKEN_FILE,
} from "./variables.js";

const SINGLE_KEYS: readonly string[] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, SECURITY_TOKEN];

/** Every secret that is read by some verb. */
export const SECRETS_READ: readonly string[] = [
  ...[RELATIVE_URI, FULL_URI, AUTHORIZATION_TOKEN, CREDENTIALS_SECRET],
  ...[...SINGLE_KEYS, CREDENTIAL_EXPIRATION],
  ...[WEB_IDENTITY_TOKEN_FILE, ROLE_ARN, ROLE_SESSION_NAME, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
  ...["AWS_REGION", "AWS_DEFAULT_REGION"],
];

type Place = Pick<Context, "env" | "secretsFolder" | "uid">;

/** Whether a secret of that name is mounted, and whether anything is in it. */
export function secretState(folder: string, name: string): "absent" | "empty" | "there" {
  const path = `${folder}/${name}`;
  if (!isThere(path)) return "absent";
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= 2 ? "empty" : "there";
  } catch {
    return "there";
  }
}

/** A line for each secret that would be a source, were there anything in it. */
export function emptySecrets(folder: string): string[] {
  return [RELATIVE_URI, FULL_URI, CREDENTIALS_SECRET]
    .filter((name) => secretState(folder, name) === "empty")
    .map((name) =>
      name === CREDENTIALS_SECRET
        ? `the secret ${name} is mounted, but empty: so was the file or variable that --secret names`
        : `the secret ${name} is mounted, but empty: the variable was not set where docker build ran; CodeBuild and ECS set it`,
    );
}

/** The names of secrets in the folder, as far as it may be listed; what others mount there are folders. */
function secretNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.isFile())
      .sort();
  } catch {
    return [];
  }
}

/** What a source is read from, by its id. */
const SOURCES = [RELATIVE_URI, FULL_URI, CREDENTIALS_SECRET];

/** The id that was meant; Docker's own documentation has `id=aws`. */
function meantBy(name: string): string | undefined {
  return nearest(name, SOURCES) ?? (/^\.?aws|cred|keys?$/i.test(name) ? CREDENTIALS_SECRET : undefined);
}

/** Secrets of names that nobody reads. */
function otherSecrets(folder: string): string[] {
  return secretNames(folder)
    .filter((name) => !SECRETS_READ.includes(name))
    .slice(0, 5)
    .map((name) => {
      const meant = meantBy(name);
      const hint =
        meant === undefined
          ? `keys in a file are read from id=${CREDENTIALS_SECRET}`
          : `did you mean id=${meant}?`;
      return `the secret ${printable(name)} is mounted, but not read: ${hint}`;
    });
}

/** Letters by which a variable's name may differ from the one that was meant. */
const SLIP = 3;

/** Variables of names like those of the endpoint, which nobody reads. */
function otherVariables(env: Place["env"]): string[] {
  const others = Object.keys(env).filter((name) => name.length < 64 && !SOURCES.includes(name));
  return others.flatMap((name) => {
    const meant = [RELATIVE_URI, FULL_URI].find((each) => distance(name.toUpperCase(), each) <= SLIP);
    return meant === undefined ? [] : [`${printable(name)} is set, but not read: did you mean ${meant}?`];
  });
}

/** Where the AWS CLI would find keys: cp, sync and ls do, too. */
function keys(purpose: "role" | "s3", { env, secretsFolder }: Place): string[] {
  const names = SINGLE_KEYS.filter((name) => env[name] || secretState(secretsFolder, name) === "there");
  const [name] = names;
  if (name === undefined) return [];
  if (!names.includes(ACCESS_KEY_ID)) return [`${name} is set without ${ACCESS_KEY_ID}`];
  if (!names.includes(SECRET_ACCESS_KEY))
    return [`${ACCESS_KEY_ID} is set without ${SECRET_ACCESS_KEY}: no command takes one without the other`];
  return purpose === "s3"
    ? []
    : [
        `${ACCESS_KEY_ID} is set, but only cp, sync, ls and cache-key read it: give this command the keys with --credentials-file FILE or the secret ${CREDENTIALS_SECRET}`,
      ];
}

function webIdentity(purpose: "role" | "s3", { env, secretsFolder }: Place): string[] {
  const isSet =
    env[WEB_IDENTITY_TOKEN_FILE] || secretState(secretsFolder, WEB_IDENTITY_TOKEN_FILE) === "there";
  return isSet && purpose === "role"
    ? [`${WEB_IDENTITY_TOKEN_FILE} is set: --web-identity uses it, with ${ROLE_ARN}`]
    : [];
}

/** The profiles there are; none where a file cannot be read: whoever looks for one is told so. */
function profileNames(context: Place): readonly string[] {
  try {
    return readProfiles(context).names;
  } catch {
    return [];
  }
}

/** @param profile `--profile` */
function profiles(purpose: "role" | "s3", context: Place, profile: string | undefined): string[] {
  if (profile !== undefined) return [`the profile ${printable(profile)} has no credentials of its own`];
  const names = profileNames(context);
  if (names.length === 0) return [];
  const which = `--profile chooses one of ${names.slice(0, 5).map(printable).join(", ")}`;
  return [
    purpose === "role"
      ? `the AWS CLI has profiles here: ${which}`
      : `the profile default has no credentials: ${which}`,
  ];
}

/** Inside a container, too, the kernel shows whose machine it is; nothing is asked over the network. */
export function instance(vendorFile = "/sys/class/dmi/id/sys_vendor"): string[] {
  try {
    const vendor = readFileSync(vendorFile, "utf8");
    return vendor.startsWith("Amazon EC2")
      ? ["this machine is an EC2 instance: to use its role, add --instance-role"]
      : [];
  } catch {
    return [];
  }
}

/** What lies around that could be taken for a source of credentials, and why it is none: a line each. */
export function whatLiesThere(purpose: "role" | "s3", context: Place, profile: string | undefined): string[] {
  return [
    ...keys(purpose, context),
    ...otherVariables(context.env),
    ...otherSecrets(context.secretsFolder),
    ...webIdentity(purpose, context),
    ...profiles(purpose, context, profile),
    ...instance(),
  ];
}
