import type { Context } from "../context.js";
import type { CredentialResponse, CredentialSource, Credentials } from "../credentials/credentials.js";
import type { Asked, Expectations } from "../credentials/expectations.js";
import { learnSecrets } from "../output/concealed.js";
import { askSts } from "./ask-sts.js";
import type { CredentialOptions } from "./options/credential-options.js";

/** Each refresh brings new secrets to conceal. */
async function fetchAndLearn(source: CredentialSource): Promise<CredentialResponse> {
  const response = await source.fetch();
  const { accessKeyId, secretAccessKey, sessionToken } = response.credentials;
  learnSecrets(accessKeyId, secretAccessKey, sessionToken);
  return response;
}

/** A response whose keys are as expected, and what STS said of them where it was asked. */
export interface Obtained extends CredentialResponse {
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
  options: CredentialOptions,
  context: Context,
): CheckedSource {
  const { description } = source;
  const { role, account } = options.expected;
  let isFirst = true;
  const fetch = async () => {
    const response = await fetchAndLearn(source);
    const { credentials, expiredAt } = response;
    if (isFirst && expiredAt !== undefined) {
      const { tellExpired } = await import("./expired-keys.js");
      tellExpired(expiredAt, options, context);
    }
    isFirst = false;
    const asked = await askSts(credentials, description, options, context);
    if (role !== undefined || account !== undefined)
      await check(credentials, { role, account }, context, asked);
    return { ...response, asked };
  };
  return { description, fetch };
}

/** What compares them is compiled only where something is expected. */
async function check(
  credentials: Credentials,
  expected: Expectations,
  context: Context,
  asked?: Asked,
): Promise<void> {
  const { checkExpectations } = await import("../credentials/check-expectations.js");
  checkExpectations(credentials, expected, context.now(), asked);
}

/**
 * Checks `--min-ttl`: of the first keys alone, since later ones are fetched because the earlier near their end.
 *
 * @throws Failure `too-little-time`, exit code 1
 */
export async function checkTimeLeft(
  credentials: Credentials,
  { expected: { minTtlMs } }: CredentialOptions,
  context: Context,
): Promise<void> {
  if (minTtlMs !== undefined) await check(credentials, { minTtlMs }, context);
}

/** The ARNs by which the keys' partition is known, the surest first. */
export function knownArns({
  credentials,
  asked,
}: CredentialResponse & { readonly asked?: Asked | undefined }): readonly (string | undefined)[] {
  return [asked?.caller.arn, credentials.roleArn];
}
