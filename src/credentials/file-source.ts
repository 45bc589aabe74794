import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { sayDuration } from "../output/duration.js";
import { profilesOfText } from "../profiles/profiles.js";
import type { CredentialSource, SourceDescription } from "./credentials.js";
import { parseCredentialsFile } from "./credentials-file.js";
import { credentialsFileUnreadable, profileMissing, profileWithoutKeys } from "./file-failures.js";
import type { SourceSearch } from "./find-source.js";
import { readNamedFile } from "./named-file.js";
import { unexpired } from "./profile-keys.js";
import { roleOfProfile } from "./profile-role.js";
import { firstOf, OWN_STEPS } from "./profile-steps.js";
import { FILE_LIMIT, isAbsent, secretPath, secretText, withoutMark } from "./profiles-elsewhere.js";
import { CREDENTIALS_SECRET } from "./variables.js";

type Search = Pick<SourceSearch, "profile" | "timeoutMs" | "sts" | "ifAvailable">;

/** A file that holds one set of keys, or profiles: of these the one that is named, else `default`, with its role if it has one. */
async function sourceIn(
  text: string,
  file: SourceDescription & { readonly path: string },
  search: Search,
  context: Context,
): Promise<CredentialSource> {
  const { path } = file;
  const credentials = parseCredentialsFile(path, text);
  if (credentials !== undefined) {
    learnSecrets(credentials.secretAccessKey, credentials.sessionToken);
    return { description: file, fetch: async () => ({ credentials: unexpired(credentials, path, context) }) };
  }
  const profile = search.profile || "default";
  const profiles = profilesOfText(text, path);
  if (profiles.get(profile) === undefined) throw profileMissing(path, profile, profiles.names);
  profiles.checkSsoSession(profile);
  const around = {
    search,
    context,
    profiles,
    reread: () => profiles,
    profile,
    inForce: profile,
    withVariables: false,
    file,
  };
  const source = (await roleOfProfile(around)) ?? (await firstOf(OWN_STEPS, around));
  if (source === undefined) throw profileWithoutKeys(path, profile);
  return source;
}

/** Waits so long for a fifo's text, unless `--timeout` says otherwise, ms. */
const DEFAULT_BUDGET = 30_000;

async function readWithin(path: string, budgetMs: number, context: Pick<Context, "sleep">): Promise<string> {
  const late = context.sleep(budgetMs).then(() => {
    throw new Error(`nothing came within ${sayDuration(budgetMs)}`);
  });
  try {
    return await Promise.race([readNamedFile(path, FILE_LIMIT), late]);
  } catch (cause) {
    throw credentialsFileUnreadable(path, cause);
  }
}

/**
 * `--credentials-file FILE`, read once: a fifo gives its text only once.
 *
 * @returns undefined for one that is not there, or empty, where `--if-available` allows it
 * @throws Failure of the file, and of the profile in it
 */
export async function optionFileSource(
  path: string,
  search: Search,
  context: Context,
): Promise<CredentialSource | undefined> {
  if (search.ifAvailable && isAbsent(path)) return undefined;
  const name = "--credentials-file";
  const text = await readWithin(path, search.timeoutMs ?? DEFAULT_BUDGET, context);
  const file = { kind: "credentials-file", name, place: "option", path } as const;
  return sourceIn(withoutMark(text), file, search, context);
}

/**
 * The BuildKit secret `aws-credentials`; undefined when there is none.
 *
 * @throws Failure of the file, and of the profile in it
 */
export async function secretFileSource(
  search: Search,
  context: Context,
): Promise<CredentialSource | undefined> {
  const text = secretText(context);
  if (text === undefined) return undefined;
  const path = secretPath(context);
  const file = { kind: "credentials-file", name: CREDENTIALS_SECRET, place: "secret", path } as const;
  return sourceIn(text, file, search, context);
}
