import { statSync } from "node:fs";
import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { sayDuration } from "../output/duration.js";
import type { CredentialSource, Credentials, SourceDescription } from "./credentials.js";
import { parseCredentialsFile } from "./credentials-file.js";
import { credentialsFileUnreadable, fileExpired } from "./file-failures.js";
import { parseIniFile } from "./ini-file.js";
import { readNamedFile } from "./named-file.js";
import { readSecret, readSmallFile } from "./secret-file.js";
import { CREDENTIALS_SECRET, PROFILE, SHARED_CREDENTIALS_FILE } from "./variables.js";

/** Far above any credentials file with all of a company's profiles. */
const LIMIT = 1024 * 1024;

/** A source that reads its file anew at every fetch, so that a long process sees it renewed. */
function fileSource(
  description: SourceDescription,
  path: string,
  read: () => string | Promise<string>,
  profile: string,
  context: Pick<Context, "now">,
): CredentialSource {
  const load = async (): Promise<Credentials> => {
    const credentials = parseCredentialsFile(path, await read(), profile);
    learnSecrets(credentials.secretAccessKey, credentials.sessionToken);
    const { expiration } = credentials;
    const now = context.now();
    if (expiration !== undefined && expiration.epochMs <= now) throw fileExpired(path, expiration.text, now);
    return credentials;
  };
  return { description, fetch: async () => ({ credentials: await load() }) };
}

/** Waits so long for a fifo's text, unless `--timeout` says otherwise, ms. */
const DEFAULT_BUDGET = 30_000;

async function readWithin(path: string, budgetMs: number, context: Pick<Context, "sleep">): Promise<string> {
  const late = context.sleep(budgetMs).then(() => {
    throw new Error(`nothing came within ${sayDuration(budgetMs)}`);
  });
  try {
    return await Promise.race([readNamedFile(path, LIMIT), late]);
  } catch (cause) {
    throw credentialsFileUnreadable(path, cause);
  }
}

/** `--credentials-file FILE`. A fifo gives its text only once, so the text is kept. */
export function optionFileSource(
  path: string,
  profile: string | undefined,
  context: Context,
  budgetMs = DEFAULT_BUDGET,
): CredentialSource {
  const description = {
    kind: "credentials-file",
    name: "--credentials-file",
    place: "option",
    path,
  } as const;
  let kept: Promise<string> | undefined;
  const read = () => {
    kept ??= readWithin(path, budgetMs, context);
    return kept;
  };
  return fileSource(description, path, read, profile ?? "default", context);
}

/** The BuildKit secret `aws-credentials`; undefined when there is none. */
export function secretFileSource(
  profile: string | undefined,
  context: Context,
): CredentialSource | undefined {
  const path = `${context.secretsFolder}/${CREDENTIALS_SECRET}`;
  const text = readSecret(context.secretsFolder, CREDENTIALS_SECRET, LIMIT);
  if (text === undefined) return undefined;
  const description = { kind: "credentials-file", name: CREDENTIALS_SECRET, place: "secret", path } as const;
  return fileSource(description, path, () => text, profile ?? "default", context);
}

/**
 * `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials` with `AWS_PROFILE`: where Docker's own documentation mounts it.
 * Undefined when there is no such file, or nothing in it for a profile that nobody named.
 */
export function sharedFileSource(
  profile: string | undefined,
  context: Context,
): CredentialSource | undefined {
  const { env } = context;
  const named = env[SHARED_CREDENTIALS_FILE];
  const path = named || (env.HOME ? `${env.HOME}/.aws/credentials` : undefined);
  if (path === undefined) return undefined;
  let text: string;
  try {
    // /dev/null stands for no file: that is how others say so to an SDK.
    if (statSync(path).isCharacterDevice()) return undefined;
    text = readSmallFile(path, LIMIT);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw credentialsFileUnreadable(path, cause);
  }
  const wanted = profile ?? (env[PROFILE] || undefined);
  if (wanted === undefined && !parseIniFile(text).has("default")) return undefined;
  const name = named ? SHARED_CREDENTIALS_FILE : "~/.aws/credentials";
  const description = { kind: "profile", name, place: "file", path } as const;
  return fileSource(
    description,
    path,
    () => readWithin(path, DEFAULT_BUDGET, context),
    wanted ?? "default",
    context,
  );
}
