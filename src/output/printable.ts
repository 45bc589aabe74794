/**
 * What a terminal would obey instead of show: C0 and C1 controls, DEL, line and paragraph separators, the characters
 * that change the direction of writing (Unicode's Bidi_Control; CVE-2021-42574), soft and zero-width ones that hide in
 * a name, and lone surrogates.
 */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/g;

/** What we print mostly is: ASCII, and the ellipsis of a shortened path. The other expression is costly to compile. */
const PLAIN = /^[ -~\u2026]*$/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** The most that is shown of a value that is no name: longer ones would hide what is said about them. */
const SHOWN = 200;

/** A printable text, cut where it is longer than anything that helps. */
export function shortened(text: string, limit = SHOWN): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** An address as it was given, without a password in it. */
export function shownUrl(url: string): string {
  return shortened(printable(url.replace(/\/\/[^/]*@/g, "//***@")));
}

/** A text from outside (a key, a server's message, a file name) as one line that is safe on a terminal and in a log. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNPRINTABLE, (match) =>
    // The last branch of the expression takes the character before a lone low surrogate along.
    match.length === 2 ? match.charAt(0) + escaped(match.charAt(1)) : escaped(match),
  );
}
