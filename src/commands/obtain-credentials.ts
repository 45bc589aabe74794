import type { Invocation } from "../cli/invocation.js";
import type { ValueName } from "../cli/option-names.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { CredentialSource, Credentials, SourceDescription } from "../credentials/credentials.js";
import { checkExpectations } from "../credentials/expectations.js";
import { noSource } from "../credentials/failures.js";
import { findSource } from "../credentials/find-source.js";
import { namedSource } from "../output/named-source.js";
import type { Notice } from "../output/notice.js";
import { checkedSource, type Obtained } from "./checked-source.js";
import { notUsed } from "./notices.js";
import { durationOption, expectationsOf } from "./options/expectation-options.js";

/**
 * The first configured source, for a role's keys (`verify`, `export`, `exec`) or for whatever S3 takes. One line says so
 * when an option that names another was given in vain.
 *
 * @returns undefined when there is none and `--if-available` allows it
 * @throws as lookUpSource
 */
export function obtainSource(
  invocation: Invocation,
  context: Context,
  purpose: "role" | "s3",
): CredentialSource | undefined {
  const source = lookUpSource(invocation, context, purpose);
  const lost = source === undefined ? undefined : lostOptions(invocation, source.description);
  if (lost !== undefined && !invocation.flag("quiet")) note(lost, context);
  return source;
}

/** `--credentials-file` or `--profile`, where a source that comes earlier is used: who gave it expects other keys. */
export function lostOptions(invocation: Invocation, used: SourceDescription): Notice | undefined {
  const beaten: ValueName[] = [
    ...(used.name === CREDENTIALS_FILE ? [] : (["credentials-file"] as const)),
    ...(used.kind === "container" || used.kind === "environment-keys" ? (["profile"] as const) : []),
  ];
  const lost = beaten.filter((name) => invocation.value(name) !== undefined);
  return lost.length === 0 ? undefined : notUsed(lost, namedSource(used));
}

const CREDENTIALS_FILE = "--credentials-file";

/**
 * The first configured source, without a word.
 *
 * @returns undefined when there is none and `--if-available` allows it
 * @throws Failure 253 when there is none, or it cannot be used; 252 for an option that makes no sense
 */
export function lookUpSource(
  invocation: Invocation,
  context: Context,
  purpose: "role" | "s3",
): CredentialSource | undefined {
  // A wrong duration is a wrong command line, whether or not it would come to be used.
  expectationsOf(invocation);
  const source = findSource(
    {
      uri: invocation.value("uri"),
      credentialsFile: invocation.value("credentials-file"),
      profile: invocation.value("profile"),
      timeoutMs: durationOption("timeout", invocation),
      purpose,
    },
    context,
  );
  if (source === undefined && !invocation.flag("if-available"))
    throw noSource(purpose, context, invocation.value("profile"));
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
  invocation: Invocation,
  context: Context,
): Promise<Obtained> {
  const obtained = await checkedSource(source, invocation, context).fetch();
  const { credentials } = obtained;
  context.debug(
    `credentials arrived${credentials.expiration ? `, valid until ${credentials.expiration.text}` : ""}`,
  );
  const { minTtlMs } = expectationsOf(invocation);
  checkExpectations(credentials, { minTtlMs }, context.now());
  return obtained;
}

/** The keys with the account that they are known to be of: STS's word where it was asked. */
export function withAccount({ credentials, asked }: Obtained): Credentials {
  return asked === undefined ? credentials : { ...credentials, accountId: asked.caller.account };
}
