import type { Environment } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import { tokenFileUnusable, tokenMalformed } from "./failures.js";
import { readSecret, readSmallFile, withoutTrailingNewline } from "./secret-file.js";
import { AUTHORIZATION_TOKEN, AUTHORIZATION_TOKEN_FILE } from "./variables.js";

/** Printable ASCII: what may stand in a header without a second reading. */
const HEADER_SAFE = /^[\x20-\x7e]+$/;

function checked(token: string, name: string): string {
  if (!HEADER_SAFE.test(token)) throw tokenMalformed(name);
  return token;
}

function fromFile(path: string): string {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (cause) {
    // It may be the token itself.
    if (!/^[/.]/.test(path)) learnSecrets(path);
    throw tokenFileUnusable(path, cause);
  }
  const token = withoutTrailingNewline(text);
  if (token === "") throw tokenFileUnusable(path, new Error("it is empty"));
  return checked(token, AUTHORIZATION_TOKEN_FILE);
}

/**
 * The value of the Authorization header, for a relative URI as for a full one, sent as it is, without "Bearer". The file beats the variable,
 * and both beat the secret; the file is read again for every attempt, because its token rotates.
 *
 * @throws Failure `token-file`, `token-malformed`, `secret-unreadable`: all before any request, none with a fall-back
 */
export function readAuthorizationToken(env: Environment, secretsFolder: string): string | undefined {
  const path = env[AUTHORIZATION_TOKEN_FILE];
  if (path) return fromFile(path);
  const token = env[AUTHORIZATION_TOKEN];
  if (token) return checked(withoutTrailingNewline(token), AUTHORIZATION_TOKEN);
  const secret = readSecret(secretsFolder, AUTHORIZATION_TOKEN);
  return secret === undefined ? undefined : checked(secret, `secret ${AUTHORIZATION_TOKEN}`);
}
