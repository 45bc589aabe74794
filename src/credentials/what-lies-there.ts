import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { Environment } from "../context.js";
import { parseIniFile } from "./ini-file.js";
import { readSmallFile } from "./secret-file.js";
import {
  ACCESS_KEY_ID,
  AUTHORIZATION_TOKEN,
  CREDENTIALS_SECRET,
  FULL_URI,
  RELATIVE_URI,
  SECRET_ACCESS_KEY,
  SESSION_TOKEN,
  SHARED_CREDENTIALS_FILE,
} from "./variables.js";

const SINGLE_KEYS: readonly string[] = [ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN];

const READ: readonly string[] = [
  RELATIVE_URI,
  FULL_URI,
  AUTHORIZATION_TOKEN,
  CREDENTIALS_SECRET,
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
];

/** Whether a secret of that name is mounted, and whether anything is in it. */
function secretState(folder: string, name: string): "absent" | "empty" | "there" {
  const found = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
  if (found === undefined) return "absent";
  return found.isFile() && found.size <= 2 ? "empty" : "there";
}

/** A line for each secret that would be a source, were there anything in it. */
export function emptySecrets(folder: string): string[] {
  return [RELATIVE_URI, FULL_URI, CREDENTIALS_SECRET]
    .filter((name) => secretState(folder, name) === "empty")
    .map((name) =>
      name === CREDENTIALS_SECRET
        ? `the secret ${name} is mounted, but empty: the file at its src= is`
        : `the secret ${name} is mounted, but empty: the variable was not set where docker build ran; outside CodeBuild it never is`,
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

/** By a name that nobody reads: Docker's own documentation has `id=aws`. */
function otherSecrets(folder: string): string[] {
  const names = secretNames(folder).filter((name) => !READ.includes(name) && !SINGLE_KEYS.includes(name));
  return names.length === 0
    ? []
    : [
        `secrets of other names are mounted, and not read: ${names.slice(0, 5).join(", ")}; a file of keys is read as id=${CREDENTIALS_SECRET}`,
      ];
}

function keySecrets(folder: string): string[] {
  const [name] = SINGLE_KEYS.filter((each) => secretState(folder, each) !== "absent");
  return name !== undefined
    ? [
        `the secret ${name} is mounted, and secrets with single keys are not read: pass them all as the secret aws-credentials, or each with env= on its mount (cp, sync and ls take keys from the environment)`,
      ]
    : [];
}

/** Of the file of profiles that assume roles or sign in, only the region is read. */
function configFile(env: Environment): string[] {
  const path = env.AWS_CONFIG_FILE || (env.HOME ? `${env.HOME}/.aws/config` : undefined);
  return path !== undefined && existsSync(path)
    ? [
        `${path} is there, and no keys are taken from it: aws configure export-credentials turns its profile into keys for --credentials-file`,
      ]
    : [];
}

/** What a file of profiles is good for here: cp, sync and ls take only a profile with keys. */
function profileFile(path: string, profile: string): string {
  return hasKeys(path, profile)
    ? `${path} is there, and serves cp, sync and ls; here give it with --credentials-file ${path}`
    : `${path} is there, but has no keys for the profile ${profile}: choose one with --credentials-file ${path} --profile NAME`;
}

function hasKeys(path: string, profile: string): boolean {
  try {
    const section = parseIniFile(readSmallFile(path, 1024 * 1024)).get(profile);
    return Boolean(section?.get("aws_access_key_id") && section.get("aws_secret_access_key"));
  } catch {
    return false;
  }
}

function files(purpose: "role" | "s3", env: Environment): string[] {
  const path = env[SHARED_CREDENTIALS_FILE] || (env.HOME ? `${env.HOME}/.aws/credentials` : undefined);
  if (path === undefined || !existsSync(path)) return [];
  return purpose === "role"
    ? [profileFile(path, env.AWS_PROFILE || "default")]
    : [`${path} is there, but has no profile default: name one with --profile`];
}

function environment(purpose: "role" | "s3", env: Environment, profile: string | undefined): string[] {
  if (profile !== undefined && purpose === "role")
    return [
      "or on a laptop: --profile alone serves cp, sync and ls; here it picks from --credentials-file ~/.aws/credentials",
    ];
  if (env[ACCESS_KEY_ID] && !env[SECRET_ACCESS_KEY])
    return [`${ACCESS_KEY_ID} is set without ${SECRET_ACCESS_KEY}: no command takes one without the other`];
  return env[ACCESS_KEY_ID] && purpose === "role"
    ? [
        "or on a laptop: keys in the environment serve cp, sync and ls; here they come from --credentials-file FILE",
      ]
    : [];
}

function webIdentity(env: Environment): string[] {
  return env.AWS_WEB_IDENTITY_TOKEN_FILE
    ? [
        "AWS_WEB_IDENTITY_TOKEN_FILE is set, and web identity is not used here: aws configure export-credentials turns it into keys for --credentials-file",
      ]
    : [];
}

/** Inside a container, too, the kernel shows whose machine it is; nothing is asked over the network. */
function instance(): string[] {
  try {
    const vendor = readFileSync("/sys/class/dmi/id/sys_vendor", "utf8");
    return vendor.startsWith("Amazon EC2")
      ? ["this machine is an EC2 instance, and an instance's own role is not used here"]
      : [];
  } catch {
    return [];
  }
}

/** What lies around that could be taken for a source of credentials, and why it is none: a line each. */
export function whatLiesThere(
  purpose: "role" | "s3",
  env: Environment,
  secretsFolder: string,
  profile: string | undefined,
): string[] {
  return [
    ...keySecrets(secretsFolder),
    ...otherSecrets(secretsFolder),
    ...environment(purpose, env, profile),
    ...webIdentity(env),
    ...files(purpose, env),
    ...configFile(env),
    ...instance(),
  ];
}
