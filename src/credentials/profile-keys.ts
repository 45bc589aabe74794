import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import type { Profile, Profiles } from "../profiles/profiles.js";
import { type Around, namedSetting } from "./around.js";
import type { CredentialSource, Credentials, SourceDescription } from "./credentials.js";
import { checkedKeys } from "./credentials-file.js";
import { fileExpired, profileWithoutKeys } from "./file-failures.js";

/** Ours first, then those of aws-vault and its like, saml2aws, and others that log in. */
const EXPIRATIONS = [
  "aws_credential_expiration",
  "aws_expiration",
  "x_security_token_expires",
  "x_expiration",
  "expiration",
];

/** One of the two files: keys are never mixed from both. */
export type KeyFile = "inCredentials" | "inConfig";

/**
 * The keys that a profile has in one of the two files.
 *
 * @param path  for messages
 * @throws Failure `profile-without-keys` for half a pair, `credentials-file-malformed`
 */
export function keysIn(
  profile: Profile | undefined,
  where: KeyFile,
  name: string,
  path: string,
): Credentials {
  const value = (setting: string) => profile?.[where](setting)?.value;
  const [accessKeyId, secretAccessKey] = [value("aws_access_key_id"), value("aws_secret_access_key")];
  if (!accessKeyId || !secretAccessKey) throw profileWithoutKeys(path, name);
  const credentials = checkedKeys(path, {
    accessKeyId,
    secretAccessKey,
    // The old name wins where both are there, as in the AWS CLI, and be it empty.
    sessionToken: value("aws_security_token") ?? value("aws_session_token"),
    expiration: EXPIRATIONS.map(value).find((text) => text),
    roleArn: value("x_principal_arn"),
    accountId: value("aws_account_id"),
  });
  learnSecrets(credentials.secretAccessKey, credentials.sessionToken);
  return credentials;
}

/**
 * Keys that are not known to have expired.
 *
 * @throws Failure `credentials-file-expired`
 */
export function unexpired(
  credentials: Credentials,
  path: string,
  { now }: Pick<Context, "now">,
): Credentials {
  const { expiration } = credentials;
  if (expiration !== undefined && expiration.epochMs <= now())
    throw fileExpired(path, expiration.text, now());
  return credentials;
}

/**
 * The keys that the profile has in one of the two files, read anew at every fetch, so that a long process sees them
 * renewed; undefined without an access key id there.
 *
 * @throws Failure `profile-without-keys` for half a pair, `credentials-file-malformed`
 */
export function profileKeys(where: KeyFile, around: Around): CredentialSource | undefined {
  const { profile: name, profiles, reread, context } = around;
  const id = profiles.get(name)?.[where]("aws_access_key_id");
  if (id === undefined) return undefined;
  const read = (from: Profiles) => keysIn(from.get(name), where, name, id.file);
  read(profiles);
  const description: SourceDescription = around.file ?? {
    kind: "profile",
    name: namedSetting(id.file, name),
    place: "file",
  };
  return {
    description,
    fetch: async () => ({ credentials: unexpired(read(reread()), id.file, context) }),
  };
}
