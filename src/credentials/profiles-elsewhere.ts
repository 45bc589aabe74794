import { statSync } from "node:fs";
import type { Context } from "../context.js";
import type { Failure } from "../failure.js";
import { descriptorOf } from "../paths/descriptor-paths.js";
import { profileMissing } from "../profiles/failures.js";
import type { ProfileInForce } from "../profiles/profile-in-force.js";
import { type Profiles, profilesOfText } from "../profiles/profiles.js";
import { holdsProfiles, parseCredentialsFile } from "./credentials-file.js";
import { credentialsFileUnreadable } from "./file-failures.js";
import { readSecret, readSmallFile } from "./secret-file.js";
import { CREDENTIALS_SECRET } from "./variables.js";

/** Far above any credentials file with all of a company's profiles, bytes. */
export const FILE_LIMIT = 1024 * 1024;

export const withoutMark = (text: string) => text.replace(/^\ufeff/, "");

/** The text of the secret `aws-credentials`; undefined when there is none. */
export function secretText({ secretsFolder }: Pick<Context, "secretsFolder">): string | undefined {
  const text = readSecret(secretsFolder, CREDENTIALS_SECRET, FILE_LIMIT);
  return text === undefined ? undefined : withoutMark(text);
}

export const secretPath = ({ secretsFolder }: Pick<Context, "secretsFolder">) =>
  `${secretsFolder}/${CREDENTIALS_SECRET}`;

/**
 * The profiles of the secret `aws-credentials`; undefined where it is not there, or holds one set of keys.
 *
 * @throws Failure `secret-unreadable`, `config-file`
 */
export function secretProfiles(context: Pick<Context, "secretsFolder">): Profiles | undefined {
  const text = secretText(context);
  return text !== undefined && holdsProfiles(text) ? profilesOfText(text, secretPath(context)) : undefined;
}

/** Whether a file is not there, or empty: a secret that nobody passed, or whose variable was empty where the build started. */
export function isAbsent(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined || (stat.isFile() && stat.size === 0);
  } catch {
    // Who reads it says why it cannot be looked at.
    return false;
  }
}

/** What gives its text only once, to who takes the keys of it. What a shell puts at /dev/stdin may be a file or a pipe. */
function isStream(path: string): boolean {
  const stat = statSync(path);
  return descriptorOf(path) !== undefined || stat.isFIFO() || stat.isCharacterDevice() || stat.isSocket();
}

function fileText(path: string): string | undefined {
  try {
    return isStream(path) ? undefined : withoutMark(readSmallFile(path, FILE_LIMIT));
  } catch (cause) {
    throw credentialsFileUnreadable(path, cause);
  }
}

/**
 * The profiles of a file; undefined where it holds one set of keys, and of a stream, which is not opened.
 *
 * @throws Failure `credentials-file-unreadable`, `credentials-file-malformed`, `config-file`
 */
export function fileProfiles(path: string): Profiles | undefined {
  const text = fileText(path);
  return text === undefined || parseCredentialsFile(path, text) !== undefined
    ? undefined
    : profilesOfText(text, path);
}

/**
 * Of a profile that stands in no file.
 *
 * @param usual  those of the AWS CLI's files
 * @param secret those of the secret, where that holds any
 */
export function profileNowhere(inForce: ProfileInForce, usual: Profiles, secret?: Profiles): Failure {
  if (secret === undefined) return profileMissing(inForce, usual);
  const names = new Set([...usual.names, ...secret.names]);
  return profileMissing(
    inForce,
    { ...usual, names: [...names] },
    `~/.aws/config, ~/.aws/credentials or the secret ${CREDENTIALS_SECRET}`,
  );
}
