import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { SourceDescription } from "../credentials/credentials.js";
import { checkExpectations } from "../credentials/expectations.js";
import { type CredentialProvider, createProvider } from "../credentials/provider.js";
import { nothingToDo } from "./notices.js";
import { expectationsOf, fetchAndLearn, obtainSource } from "./obtain-credentials.js";

/** Credentials for a verb that runs long: asked and checked now, refreshed when they near their end. */
export interface OpenProvider {
  readonly provider: CredentialProvider;
  readonly description: SourceDescription;
}

/**
 * For the S3 verbs. The first answer is fetched and checked here, before anything is done.
 *
 * @returns undefined, with one line said, when no source is configured and `--if-available` allows it
 * @throws as obtainSource and obtainCredentials
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
  const provider = createProvider({ description, fetch: () => fetchAndLearn(source) }, context);
  checkExpectations(await provider.get(), expectationsOf(invocation), context.now());
  return { provider, description };
}
