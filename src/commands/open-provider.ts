import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { SourceDescription } from "../credentials/credentials.js";
import { checkExpectations } from "../credentials/expectations.js";
import { type CredentialProvider, createProvider } from "../credentials/provider.js";
import { checkedSource, knownArns } from "./checked-source.js";
import { nothingToDo } from "./notices.js";
import { obtainSource } from "./obtain-credentials.js";
import { expectationsOf } from "./options/expectation-options.js";

/** Credentials for a verb that runs long: asked and checked now, refreshed when they near their end. */
export interface OpenProvider {
  readonly provider: CredentialProvider;
  readonly description: SourceDescription;
  /** What is known of whose the keys are. */
  readonly arns: readonly (string | undefined)[];
}

/**
 * For the S3 verbs. The first answer is fetched and checked here, before anything is done. Role and account are checked
 * for each set of keys that comes later, too; none of another role is ever handed out.
 *
 * @returns undefined, with one line said, when no source is configured and `--if-available` allows it
 * @throws as obtainSource and obtainCredentials; the provider, as its source and with exit 1
 */
export async function openProvider(
  invocation: Invocation,
  context: Context,
): Promise<OpenProvider | undefined> {
  const source = obtainSource(invocation, context, "s3");
  if (source === undefined) {
    if (!invocation.flag("quiet")) note(nothingToDo(invocation.verb), context);
    return undefined;
  }
  const { description } = source;
  let arns: OpenProvider["arns"] = [];
  const checked = checkedSource(source, invocation, context);
  const fetch = async () => {
    const obtained = await checked.fetch();
    arns = knownArns(obtained);
    return obtained;
  };
  const provider = createProvider({ description, fetch }, context);
  const { minTtlMs } = expectationsOf(invocation);
  // Of the first alone: later ones are fetched because the earlier near their end.
  checkExpectations(await provider.get(), { minTtlMs }, context.now());
  return { provider, description, arns };
}
