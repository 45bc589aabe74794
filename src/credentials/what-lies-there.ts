import { existsSync, readFileSync, statSync } from "node:fs";
import type { Environment } from "../context.js";
import { ACCESS_KEY_ID, FULL_URI, RELATIVE_URI, SHARED_CREDENTIALS_FILE } from "./variables.js";

/** Whether a secret of that name is mounted, and whether anything is in it. */
function secretState(folder: string, name: string): "absent" | "empty" | "there" {
  const found = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
  if (found === undefined) return "absent";
  return found.isFile() && found.size <= 2 ? "empty" : "there";
}

function emptySecrets(folder: string): string[] {
  return [RELATIVE_URI, FULL_URI]
    .filter((name) => secretState(folder, name) === "empty")
    .map(
      (name) =>
        `the secret ${name} is mounted, but empty: the variable was not set where docker build ran; outside CodeBuild it never is`,
    );
}

function keySecrets(folder: string): string[] {
  return secretState(folder, ACCESS_KEY_ID) === "there"
    ? [
        `the secret ${ACCESS_KEY_ID} is mounted, and secrets with single keys are not read: pass them all as the secret aws-credentials, or each with env= on its mount (cp, sync and ls take keys from the environment)`,
      ]
    : [];
}

function files(purpose: "role" | "s3", env: Environment): string[] {
  const path = env[SHARED_CREDENTIALS_FILE] || (env.HOME ? `${env.HOME}/.aws/credentials` : undefined);
  if (path === undefined || !existsSync(path)) return [];
  return purpose === "role"
    ? [`${path} is there, and serves cp, sync and ls; here give it with --credentials-file ${path}`]
    : [`${path} is there, but has no profile default: name one with --profile`];
}

function environment(purpose: "role" | "s3", env: Environment, profile: string | undefined): string[] {
  if (profile !== undefined && purpose === "role")
    return [
      "or on a laptop: --profile alone serves cp, sync and ls; here it picks from --credentials-file ~/.aws/credentials",
    ];
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
    ...emptySecrets(secretsFolder),
    ...keySecrets(secretsFolder),
    ...environment(purpose, env, profile),
    ...webIdentity(env),
    ...files(purpose, env),
    ...instance(),
  ];
}
