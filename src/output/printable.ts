import { concealed } from "./concealed.js";

/**
 * What a terminal would obey, or not show at all: Unicode's categories Cc, Cf, Zl and Zp, and what is
 * Default_Ignorable_Code_Point (bidirectional controls, CVE-2021-42574; zero-width characters, fillers, variation
 * selectors, tags), the empty Braille pattern, and lone surrogates. Ranges, since `\p{…}` is a syntax error in a Node
 * without ICU. And the beginnings of commands that a runner obeys anywhere in a line: of Azure Pipelines (`##vso[`, `##[`), GitHub's of
 * old, TeamCity (`##teamcity[`) and Octopus Deploy (`##octopus[`).
 */
const UNPRINTABLE =
  /[\0-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]|\u034f|[\u180b-\u180f]|[\ufe00-\ufe0f]|(?<=#)#(?=\w*\[)/giu;

/** What we print mostly is: ASCII, and the ellipsis of a shortened path. The other expression is costly to compile. */
const PLAIN = /^[ -"$-~\u2026]*$/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code > 0xffff) return `\\u{${hex(code, 5)}}`;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** A value as JSON text that is as safe on a terminal and in a log: what `printable` escapes is escaped, as JSON has it. */
export function printableJson(value: object, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  // What is laid out breaks lines of its own.
  return text.replace(UNPRINTABLE, (character) => (character === "\n" ? character : jsonEscaped(character)));
}

function jsonEscaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`).join(
    "",
  );
}

/** The most that is shown of a value that is no name: longer ones would hide what is said about them. */
const SHOWN = 200;

/** The longest path of Linux, bytes; a key has at most 1024. What is longer is no name. */
export const LONGEST_NAME = 4096;

/** A printable text, cut where it is longer than anything that helps: without secrets, since half of one is not known as one. */
export function shortened(text: string, limit = SHOWN): string {
  if (text.length <= limit) return text;
  const whole = concealed(text);
  return whole.length > limit ? `${whole.slice(0, limit)}…` : whole;
}

/** An address as it was given, without a password in it, and without its query: that of a presigned one is as good as keys. */
export function shownUrl(url: string): string {
  return shortened(printable(url.replace(/\/\/[^/]*@/g, "//***@").replace(/\?.*/s, "?…")));
}

/** A text from outside (a key, a server's message, a file name) as one line that is safe on a terminal and in a log. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNPRINTABLE, escaped);
}
