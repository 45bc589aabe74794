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
import { type Found, lookupTogether } from "./variable-or-secret.js";
import {
  ACCESS_KEY_ID,
  CREDENTIAL_EXPIRATION,
  SECRET_ACCESS_KEY,
  SECURITY_TOKEN,
  SESSION_TOKEN,
} from "./variables.js";

type Lookup = (name: string) => Found | undefined;

/** Of UTC, GMT and the like, or an offset. */
const ZONE = /(?:[a-z]|[+-]\d\d:?\d\d)$/i;

/** As it is, and what others write as Date reads it; without a zone it is UTC, wherever this machine is. */
function expirationOf(lookup: Lookup): Expiration | undefined {
  const text = lookup(CREDENTIAL_EXPIRATION)?.value;
  if (text === undefined) return undefined;
  const expiration = parseExpiration(text);
  if (expiration !== undefined) return expiration;
  const epochMs = Date.parse(ZONE.test(text) ? text : `${text}Z`);
  if (Number.isNaN(epochMs)) throw keysExpirationMalformed(CREDENTIAL_EXPIRATION);
  return { epochMs, text };
}

function keysOf(accessKeyId: string, lookup: Lookup): Credentials {
  const secretAccessKey = lookup(SECRET_ACCESS_KEY)?.value;
  if (secretAccessKey === undefined) throw secretKeyMissing();
  // The old name wins where both are set, as in the AWS CLI.
  const sessionToken = (lookup(SECURITY_TOKEN) ?? lookup(SESSION_TOKEN))?.value;
  const values = {
    [ACCESS_KEY_ID]: accessKeyId,
    [SECRET_ACCESS_KEY]: secretAccessKey,
    [SESSION_TOKEN]: sessionToken,
  };
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && hasControlCharacter(value)) throw keyMalformed(name);
  const expiration = expirationOf(lookup);
  learnSecrets(secretAccessKey, sessionToken);
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

/**
 * The keys in the variables that every SDK reads, or in the BuildKit secrets of their names; undefined without an access key
 * id. An id and its secret access key that stand in one place are taken from there, with the session token and the
 * expiration of that place: keys of two owners are never mixed. Where neither place has both, each value is looked up on its
 * own.
 *
 * @throws Failure `environment-keys` when the id has no secret access key beside it, as in botocore, or one of them cannot
 *   stand in a header; its fetch, when AWS_CREDENTIAL_EXPIRATION is past
 */
export function environmentKeys(
  context: Pick<Context, "env" | "secretsFolder" | "now">,
): CredentialSource | undefined {
  const lookup = lookupTogether([ACCESS_KEY_ID, SECRET_ACCESS_KEY], context);
  const id = lookup(ACCESS_KEY_ID);
  if (id === undefined) return undefined;
  const credentials = keysOf(id.value, lookup);
  const fetch = async () => {
    const { expiration } = credentials;
    const now = context.now();
    if (expiration !== undefined && expiration.epochMs <= now)
      throw environmentKeysExpired(CREDENTIAL_EXPIRATION, expiration.text, now);
    return { credentials };
  };
  return { description: { kind: "environment-keys", name: ACCESS_KEY_ID, place: id.place }, fetch };
}
