/**
 * White space as Python has it (`str.isspace`, and `\s` in its expressions): U+001C to U+001F and U+0085 are, U+FEFF is not.
 * JavaScript's own differs in these.
 */
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const IS_SPACE = new RegExp(`[${SPACE}]`);

/** Whether a character is white space to Python; no character is none. */
export const isSpace = (character: string): boolean => IS_SPACE.test(character);

/** How many characters of white space a text begins with. */
export function depthOf(text: string): number {
  let depth = 0;
  while (isSpace(text.charAt(depth))) depth += 1;
  return depth;
}

/** `str.rstrip()` */
export function stripEnd(text: string): string {
  let end = text.length;
  while (isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `str.strip()` */
export const strip = (text: string): string => stripEnd(text.slice(depthOf(text)));

/** Lines of a file that is opened as text: a carriage return ends one, too. */
export const linesOfFile = (text: string): string[] => text.split(/\r\n|\r|\n/);

/** `str.splitlines()`, which ends lines at more characters than a file's reader. */
export const splitLines = (text: string): string[] =>
  text.split(/\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/);
