import { mayHaveProfiles } from "../cli/region.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { CredentialSource, Credentials, SourceDescription } from "../credentials/credentials.js";
import { findSource } from "../credentials/find-source.js";
import { isThere } from "../credentials/secret-file.js";
import { sourceWords } from "../output/source-words.js";
import { checkedSource, checkTimeLeft, type Obtained } from "./checked-source.js";
import type { CredentialOptions } from "./options/credential-options.js";

/**
 * The source that an option names, else the first that is configured, for a role's keys (`verify`, `export`, `exec`) or for
 * whatever S3 takes.
 *
 * @returns undefined when there is none and `--if-available` allows it
 * @throws Failure 253 when there is none, or it cannot be used
 */
export async function obtainSource(
  options: CredentialOptions,
  context: Context,
  purpose: "role" | "s3",
): Promise<CredentialSource | undefined> {
  const source = await findSource({ ...options.search, purpose }, context);
  if (source === undefined)
    await (await import("./without-source.js")).withoutSource(options, context, purpose);
  context.debug(
    source === undefined ? "no credential source" : `credentials from ${sourceWords(source.description)}`,
  );
  return source;
}

/**
 * Asks the source once and checks the expectations.
 *
 * @throws Failure as the source's fetch, as askSts, or exit 1 when an expectation does not hold
 */
export async function obtainCredentials(
  source: CredentialSource,
  options: CredentialOptions,
  context: Context,
): Promise<Obtained> {
  const obtained = await checkedSource(source, options, context).fetch();
  const { credentials } = obtained;
  context.debug(
    `credentials arrived${credentials.expiration ? `, valid until ${credentials.expiration.text}` : ""}`,
  );
  await checkTimeLeft(credentials, options, context);
  await tellOthers(source.description, options, context);
  return obtained;
}

/** Variables, and secrets, that may lead cp, sync and ls to other keys, as they do every SDK. */
const ELSEWHERE = ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/** One line where cp, sync and ls would use others. Mostly there is nothing to lead them there, and nothing is compiled. */
async function tellOthers(
  used: SourceDescription,
  options: CredentialOptions,
  context: Context,
): Promise<void> {
  const { env, secretsFolder } = context;
  if (options.quiet) return;
  const isSet = (name: string) => env[name] || isThere(`${secretsFolder}/${name}`);
  if (!ELSEWHERE.some(isSet) && !mayHaveProfiles(context)) return;
  const { otherIdentity } = await import("./other-identity.js");
  const other = await otherIdentity(used, options, context);
  if (other !== undefined) note(other, context);
}

/** The keys with the account that they are known to be of: STS's word where it was asked. */
export function withAccount({ credentials, asked }: Obtained): Credentials {
  return asked === undefined ? credentials : { ...credentials, accountId: asked.caller.account };
}
