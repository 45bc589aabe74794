import { existsSync } from "node:fs";
import { learnSecrets } from "../output/concealed.js";
import { strayFault } from "../output/stray-secret.js";

/** Of an opaque token: no file is called by so long a word. */
const LONG_WORD = /^[\w.~+=-]{60}/;

/**
 * What is shown of the path of a token's file: nothing where a token stands in its place, which is concealed from now on.
 *
 * @returns undefined for a token
 */
export function shownTokenPath(path: string): string | undefined {
  // A long path may look like a token.
  if (existsSync(path)) return path;
  if (strayFault(path) !== undefined) return undefined;
  if (!LONG_WORD.test(path)) return path;
  // Parts of it, too, as of a token that is in its file.
  learnSecrets(path, ...path.split(".").slice(1));
  return undefined;
}
