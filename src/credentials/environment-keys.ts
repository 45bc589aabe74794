import type { Environment } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { hasControlCharacter } from "../output/control-characters.js";
import type { CredentialSource } from "./credentials.js";
import { parseExpiration } from "./expiration.js";
import { keyMalformed, secretKeyMissing } from "./file-failures.js";
import { ACCESS_KEY_ID, CREDENTIAL_EXPIRATION, SECRET_ACCESS_KEY, SESSION_TOKEN } from "./variables.js";

/**
 * The keys in the environment, which stand before the container's role in every SDK's chain. For the S3 verbs only.
 *
 * @throws Failure `environment-keys` when the access key has no secret beside it, as botocore does, or one of them
 *   cannot stand in a header
 */
export function environmentKeys(env: Environment): CredentialSource | undefined {
  const accessKeyId = env[ACCESS_KEY_ID];
  const secretAccessKey = env[SECRET_ACCESS_KEY];
  if (!accessKeyId) return undefined;
  if (!secretAccessKey) throw secretKeyMissing();
  const sessionToken = env[SESSION_TOKEN] || undefined;
  const values = {
    [ACCESS_KEY_ID]: accessKeyId,
    [SECRET_ACCESS_KEY]: secretAccessKey,
    [SESSION_TOKEN]: sessionToken,
  };
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && hasControlCharacter(value)) throw keyMalformed(name);
  const expiration = parseExpiration(env[CREDENTIAL_EXPIRATION] ?? "");
  learnSecrets(secretAccessKey, sessionToken);
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
  return {
    description: { kind: "environment-keys", name: ACCESS_KEY_ID, place: "environment" },
    fetch: async () => ({ credentials }),
  };
}
