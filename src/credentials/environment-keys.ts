import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { hasControlCharacter } from "../output/control-characters.js";
import type { CredentialSource, Credentials, Expiration } from "./credentials.js";
import { parseExpiration } from "./expiration.js";
import {
  environmentKeysExpired,
  keyMalformed,
  keysExpirationMalformed,
  secretKeyMissing,
} from "./file-failures.js";
import { variableOrSecret } from "./variable-or-secret.js";
import {
  ACCESS_KEY_ID,
  CREDENTIAL_EXPIRATION,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
} from "./variables.js";

type Place = Pick<Context, "env" | "secretsFolder">;

/** Of UTC, GMT and the like, or an offset. */
const ZONE = /(?:[a-z]|[+-]\d\d:?\d\d)$/i;

/** As it is, and what others write as Date reads it; without a zone it is UTC, wherever this machine is. */
function expirationOf(place: Place): Expiration | undefined {
  const text = variableOrSecret(CREDENTIAL_EXPIRATION, place)?.value;
  if (text === undefined) return undefined;
  const expiration = parseExpiration(text);
  if (expiration !== undefined) return expiration;
  const epochMs = Date.parse(ZONE.test(text) ? text : `${text}Z`);
  if (Number.isNaN(epochMs)) throw keysExpirationMalformed(CREDENTIAL_EXPIRATION);
  return { epochMs, text };
}

function keysOf(accessKeyId: string, place: Place): Credentials {
  const secretAccessKey = variableOrSecret(SECRET_ACCESS_KEY, place)?.value;
  if (secretAccessKey === undefined) throw secretKeyMissing();
  // The old name wins where both are set, as in the AWS CLI.
  const sessionToken = (variableOrSecret(SECURITY_TOKEN, place) ?? variableOrSecret(SESSION_TOKEN, place))
    ?.value;
  const values = {
    [ACCESS_KEY_ID]: accessKeyId,
    [SECRET_ACCESS_KEY]: secretAccessKey,
    [SESSION_TOKEN]: sessionToken,
  };
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && hasControlCharacter(value)) throw keyMalformed(name);
  const expiration = expirationOf(place);
  learnSecrets(secretAccessKey, sessionToken);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

/**
 * The keys in the variables that every SDK reads, each of them a variable or the BuildKit secret of its name; undefined
 * without an access key id.
 *
 * @throws Failure `environment-keys` when the id has no secret access key beside it, as in botocore, or one of them cannot
 *   stand in a header; its fetch, when AWS_CREDENTIAL_EXPIRATION is past
 */
export function environmentKeys(context: Place & Pick<Context, "now">): CredentialSource | undefined {
  const id = variableOrSecret(ACCESS_KEY_ID, context);
  if (id === undefined) return undefined;
  const credentials = keysOf(id.value, context);
  const fetch = async () => {
    const { expiration } = credentials;
    const now = context.now();
    if (expiration !== undefined && expiration.epochMs <= now)
      throw environmentKeysExpired(CREDENTIAL_EXPIRATION, expiration.text, now);
    return { credentials };
  };
  return { description: { kind: "environment-keys", name: ACCESS_KEY_ID, place: id.place }, fetch };
}
