import type { Environment } from "../context.js";
import { AUTHORIZATION_TOKEN, FULL_URI, RELATIVE_URI } from "../credentials/variables.js";
import { learnSecrets } from "../output/concealed.js";

const SECRET_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  AUTHORIZATION_TOKEN,
];

/** Parts of a path that every endpoint has: not the id. */
const ORDINARY = new Set(["credentials", "credentialprovider", "2016-11-01"]);

/** The id in an endpoint's URI: whoever has it, has the role. */
function idsOf(uri: string): string[] {
  return uri
    .replace(/^https?:\/\/[^/?#]*/i, "")
    .split(/[/?#&=]/)
    .filter((part) => !ORDINARY.has(part) && !/^["']?[$%]/.test(part));
}

/** Conceals what the environment and the command line hold, in everything that is said from now on. */
export function learnFromEnvironment(env: Environment, args: readonly string[]): void {
  learnSecrets(...SECRET_VARIABLES.map((name) => env[name]));
  const given = args.flatMap((arg, index) =>
    arg === "--uri" ? [args[index + 1]] : arg.startsWith("--uri=") ? [arg.slice("--uri=".length)] : [],
  );
  for (const uri of [env[RELATIVE_URI], env[FULL_URI], ...given])
    if (uri?.includes("/")) learnSecrets(...idsOf(uri));
}
