import type { Context } from "../context.js";
import type { SourceDescription } from "../credentials/credentials.js";
import { findSource, isNamed } from "../credentials/find-source.js";
import { Failure } from "../failure.js";
import { namedSource } from "../output/named-source.js";
import type { Notice } from "../output/notice.js";
import type { CredentialOptions } from "./options/credential-options.js";
import { othersAssume, othersUse, oursUse } from "./whose-notices.js";

/**
 * Whether cp, sync and ls, which look where the AWS CLI does, would use other keys here than those of `used`, with the same
 * options. With `--role-arn` these are the keys that the role is assumed with.
 *
 * @returns one line that names the winner; undefined when it is the same, there is none, or an option names the source
 */
export async function otherIdentity(
  used: SourceDescription,
  options: CredentialOptions,
  context: Context,
): Promise<Notice | undefined> {
  if (isNamed(options.search)) return undefined;
  const { role } = options.search;
  const own = (role && used.base) ?? used;
  const winner = await lowestElsewhere(options, context);
  if (winner === undefined || (winner.name === own.name && winner.place === own.place)) return undefined;
  const say = winner.place === "secret" ? oursUse : othersUse;
  return (role === undefined ? say : othersAssume)(namedSource(winner), namedSource(own));
}

/** What cp, sync and ls use with the same options, below `--role-arn`; undefined where they find nothing, or fail. */
export async function lowestElsewhere(
  { search }: CredentialOptions,
  context: Context,
): Promise<SourceDescription | undefined> {
  try {
    return (await findSource({ ...search, role: undefined, purpose: "s3" }, context))?.description;
  } catch (error) {
    // They would act as nobody at all, and say so themselves.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
