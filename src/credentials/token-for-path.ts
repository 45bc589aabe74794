import { learnSecrets } from "../output/concealed.js";

/** A JSON Web Token begins like this; no file is called so, nor by so long a word. */
const TOKEN = /^(?:eyJ|[\w.~+=-]{60})/;

/**
 * What is shown of the path of a token's file: nothing where a token stands in its place, which is concealed from now on.
 *
 * @returns undefined for a token
 */
export function shownTokenPath(path: string): string | undefined {
  if (!TOKEN.test(path)) return path;
  // Parts of it, too, as of a token that is in its file.
  learnSecrets(path, ...path.split(".").slice(1));
  return undefined;
}
