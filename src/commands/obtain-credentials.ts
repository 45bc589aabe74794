import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { CredentialSource, Credentials, SourceDescription } from "../credentials/credentials.js";
import { findSource } from "../credentials/find-source.js";
import { namedSource } from "../output/named-source.js";
import type { Notice } from "../output/notice.js";
import { checkedSource, checkTimeLeft, type Obtained } from "./checked-source.js";
import { notUsed } from "./notices.js";
import type { CredentialOptions } from "./options/credential-options.js";

/**
 * The first configured source, for a role's keys (`verify`, `export`, `exec`) or for whatever S3 takes. One line says so
 * when an option that names another was given in vain.
 *
 * @returns undefined when there is none and `--if-available` allows it
 * @throws as lookUpSource
 */
export async function obtainSource(
  options: CredentialOptions,
  context: Context,
  purpose: "role" | "s3",
): Promise<CredentialSource | undefined> {
  const source = await lookUpSource(options, context, purpose);
  const lost = source === undefined ? undefined : lostOptions(options, source.description);
  if (lost !== undefined && !options.quiet) note(lost, context);
  return source;
}

/** `--credentials-file` or `--profile`, where a source that comes earlier is used: who gave it expects other keys. */
export function lostOptions(
  { search: { credentialsFile, profile } }: CredentialOptions,
  used: SourceDescription,
): Notice | undefined {
  const isFile = used.kind === "credentials-file" || used.kind === "profile";
  const lost = [
    ...(credentialsFile === undefined || used.name === "--credentials-file" ? [] : ["credentials-file"]),
    ...(profile === undefined || isFile ? [] : ["profile"]),
  ];
  return lost.length === 0 ? undefined : notUsed(lost, namedSource(used));
}

/**
 * The first configured source, without a word.
 *
 * @returns undefined when there is none and `--if-available` allows it
 * @throws Failure 253 when there is none, or it cannot be used
 */
export async function lookUpSource(
  { search, ifAvailable }: CredentialOptions,
  context: Context,
  purpose: "role" | "s3",
): Promise<CredentialSource | undefined> {
  const source = await findSource({ ...search, purpose }, context);
  if (source === undefined && !ifAvailable) {
    const { noSource } = await import("../credentials/no-source-failure.js");
    throw noSource(purpose, context, search.profile);
  }
  context.debug(
    source === undefined ? "no credential source" : `credentials from ${sourceWords(source.description)}`,
  );
  return source;
}

/** `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable), http://169.254.170.2/v2/credentials/1234…` */
export function sourceWords(source: SourceDescription): string {
  const { name, place, address, path } = source;
  const where = `${address ?? ""}${path ?? ""}`;
  if (where === name) return name;
  const named = place === "option" ? name : namedSource(source);
  return where === "" ? named : `${named}, ${where}`;
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
  return obtained;
}

/** The keys with the account that they are known to be of: STS's word where it was asked. */
export function withAccount({ credentials, asked }: Obtained): Credentials {
  return asked === undefined ? credentials : { ...credentials, accountId: asked.caller.account };
}
