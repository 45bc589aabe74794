import type { KeysOf } from "../aws/server-error.js";
import type { SourceDescription } from "../credentials/credentials.js";
import { isNamed } from "../credentials/find-source.js";
import { sourceWords } from "../output/source-words.js";
import type { CredentialOptions } from "./options/credential-options.js";

/** Whose keys are used, for what S3 refuses. `verify` without options uses the container's, and nobody else's. */
export function keysOf(source: SourceDescription, search: CredentialOptions["search"]): KeysOf {
  const isPlain = source.kind === "container" && !isNamed(search);
  return { words: sourceWords(source), kind: source.kind, check: isPlain ? "verify --sts" : undefined };
}
