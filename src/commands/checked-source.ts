import type { Invocation } from "../cli/invocation.js";
import type { Context } from "../context.js";
import type { CredentialAnswer, CredentialSource } from "../credentials/credentials.js";
import { type Asked, checkExpectations } from "../credentials/expectations.js";
import { learnSecrets } from "../output/concealed.js";
import { askSts } from "./ask-sts.js";
import { expectationsOf } from "./options/expectation-options.js";

/** Each refresh brings new secrets to conceal. */
async function fetchAndLearn(source: CredentialSource): Promise<CredentialAnswer> {
  const answer = await source.fetch();
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentials;
  learnSecrets(accessKeyId, secretAccessKey, sessionToken);
  return answer;
}

/** An answer whose keys are as expected, and what STS said of them where it was asked. */
export interface Obtained extends CredentialAnswer {
  readonly asked: Asked | undefined;
}

/** A source that hands out no keys of another role or account than was expected. */
export interface CheckedSource extends CredentialSource {
  fetch(): Promise<Obtained>;
}

/**
 * The source with `--expect-role` and `--expect-account` held against each set of keys that it gives.
 *
 * @throws its fetch: Failure as that of the source, as askSts, or exit 1 when an expectation does not hold
 */
export function checkedSource(
  source: CredentialSource,
  invocation: Invocation,
  context: Context,
): CheckedSource {
  const { description } = source;
  const { role, account } = expectationsOf(invocation);
  const fetch = async () => {
    const answer = await fetchAndLearn(source);
    const { credentials } = answer;
    const asked = await askSts(credentials, description, invocation, context);
    checkExpectations(credentials, { role, account }, context.now(), asked);
    return { ...answer, asked };
  };
  return { description, fetch };
}

/** The ARNs by which the keys' partition is known, the surest first. */
export function knownArns({
  credentials,
  asked,
}: CredentialAnswer & { readonly asked?: Asked | undefined }): readonly (string | undefined)[] {
  return [asked?.caller.arn, credentials.roleArn];
}
