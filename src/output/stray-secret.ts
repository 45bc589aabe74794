import { learnSecrets } from "./concealed.js";

/** A JSON Web Token (RFC 7519) or the beginning of one: its header is a JSON object in base64. */
const TOKEN = /^(?:Bearer )?eyJ/;

/**
 * As a secret access key (40 characters) and the longer session tokens are written, of which none begins as an absolute path
 * does; a name seldom has all three kinds.
 */
const KEY = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?:[A-Za-z0-9+/]{40}|(?!\/)[\w+/=-]{64,})$/;

/** Bytes: the longest name of a file on Linux (NAME_MAX). */
const LONGEST_NAME = 255;

function looksLikeSecret(path: string): boolean {
  if (TOKEN.test(path) || KEY.test(path) || /[\r\n]|^\s*[{[]/.test(path)) return true;
  return path.split("/").some((name) => Buffer.byteLength(name) > LONGEST_NAME);
}

/**
 * Looks whether what should be the path of a file is what should stand in that file: a token, a key, the file's whole text.
 * Such a value is learnt, so that nothing that is said from now on shows it.
 *
 * @returns what is wrong with it, in words; undefined for a path
 */
export function strayFault(path: string): string | undefined {
  if (!looksLikeSecret(path)) return undefined;
  learnSecrets(path, ...path.split(/[\r\n]+/), ...path.split("."));
  return "it looks like the text of a file or a secret, not the path of a file";
}
