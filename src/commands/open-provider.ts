import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { SourceDescription } from "../credentials/credentials.js";
import { type CredentialProvider, createProvider } from "../credentials/provider.js";
import { namedSource } from "../output/named-source.js";
import type { Notice } from "../output/notice.js";
import { checkedSource, checkTimeLeft, knownArns } from "./checked-source.js";
import { nothingToDo } from "./notices.js";
import { obtainSource } from "./obtain-credentials.js";
import type { CredentialOptions } from "./options/credential-options.js";
import { passedOverNotice, withNotice } from "./whose-notices.js";

/** Credentials for a verb that runs long: asked and checked now, refreshed when they near their end. */
export interface OpenProvider {
  readonly provider: CredentialProvider;
  readonly description: SourceDescription;
  /** What is known of whose the keys are. */
  readonly arns: readonly (string | undefined)[];
  /** Of keys that the AWS CLI would use in their place. */
  readonly passedOver: Notice | undefined;
}

/**
 * For the S3 verbs. The first response is fetched and checked here, before anything is done. Role and account are checked
 * for each set of keys that comes later, too; none of another role is ever handed out.
 *
 * @returns undefined, with one line said, when no source is configured and `--if-available` allows it
 * @throws as obtainSource and obtainCredentials; the provider, as its source and with exit 1
 */
export async function openProvider(
  options: CredentialOptions,
  verb: string,
  context: Context,
): Promise<OpenProvider | undefined> {
  const source = await obtainSource(options, context, "s3");
  if (source === undefined) {
    if (!options.quiet) note(nothingToDo(verb), context);
    return undefined;
  }
  const { description } = source;
  // It goes before another source; a role on top of it does not.
  const lowest = (options.search.role && description.base) ?? description;
  const passedOver =
    source.passedOver === undefined ? undefined : passedOverNotice(source.passedOver, namedSource(lowest));
  let arns: OpenProvider["arns"] = [];
  const checked = checkedSource(source, options, context);
  const fetch = async () => {
    const obtained = await checked.fetch();
    arns = knownArns(obtained);
    return obtained;
  };
  const provider = createProvider({ description, fetch }, context);
  try {
    await checkTimeLeft(await provider.get(), options, context);
  } catch (error) {
    throw withNotice(error, passedOver);
  }
  return { provider, description, arns, passedOver };
}
