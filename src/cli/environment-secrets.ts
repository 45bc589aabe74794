import type { Environment } from "../context.js";
import { idsIn, UUID } from "../credentials/endpoint-ids.js";
import {
  AUTHORIZATION_TOKEN,
  AUTHORIZATION_TOKEN_FILE,
  FULL_URI,
  RELATIVE_URI,
} from "../credentials/variables.js";
import { learnSecrets } from "../output/concealed.js";

const SECRET_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  AUTHORIZATION_TOKEN,
];

/** The path of an endpoint, and what may follow it. */
const ENDPOINT_PATH = /\/v\d+\/credentials\/[^\s'"]+/g;

/** What is a secret wherever it stands: a UUID with what may follow it, and what is as long as a secret access key. */
const ID_OR_SECRET = new RegExp(`${UUID}[\\w-]*|[A-Za-z0-9+/]{40,}={0,2}`, "gi");

/** Conceals what the environment holds, in everything that is said from now on. */
export function learnFromEnvironment(env: Environment): void {
  learnSecrets(...SECRET_VARIABLES.map((name) => env[name]));
  // A token in the place of the path of its file.
  const { [AUTHORIZATION_TOKEN_FILE]: file } = env;
  if (/^eyJ|^[^/]{60}/.test(file ?? "")) learnSecrets(file);
  for (const uri of [env[RELATIVE_URI], env[FULL_URI]]) if (uri?.includes("/")) learnSecrets(...idsIn(uri));
}

/** Conceals the id in `--uri`, in everything that is said from now on. */
export function learnFromArguments(args: readonly string[]): void {
  const given = args.flatMap((arg, index) =>
    arg === "--uri" ? [args[index + 1]] : arg.startsWith("--uri=") ? [arg.slice("--uri=".length)] : [],
  );
  for (const uri of given) if (uri?.includes("/")) learnSecrets(...idsIn(uri));
}

/**
 * Conceals what looks like an id or a secret in words that went astray (`verify /v2/credentials/…`): a message that refuses
 * such a word repeats it.
 *
 * @param mayBeNames whether they may name files, objects or roles, in which a UUID is nothing secret
 */
export function learnFromWords(words: readonly string[], mayBeNames: boolean): void {
  for (const word of words) {
    for (const path of word.match(ENDPOINT_PATH) ?? []) learnSecrets(...idsIn(path));
    if (!mayBeNames) learnSecrets(...(word.match(ID_OR_SECRET) ?? []));
  }
}
