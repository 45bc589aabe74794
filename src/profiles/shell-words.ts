/** What a double-quoted text lets a backslash escape (shlex.split in POSIX mode); before anything else it stays. */
const ESCAPED_IN_QUOTES = /\\(["\\])/g;

/** A bare run, a backslash with its character, a text in single or in double quotes; white space ends a word. */
const PART = /([^ \t\r\n'"\\]+)|\\([\s\S])|'([^']*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([ \t\r\n]+)/y;

/**
 * The words of a text as a POSIX shell splits them, which is how the AWS CLI reads the name of a section:
 * `profile "my work"`.
 *
 * @returns undefined where a quote is not closed, or a backslash ends the text (Python's shlex.split raises there)
 */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  const part = new RegExp(PART);
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (found === null) return undefined;
    const [, bare, escaped, single, double, space] = found;
    if (space === undefined)
      word = (word ?? "") + (bare ?? escaped ?? single ?? double?.replace(ESCAPED_IN_QUOTES, "$1") ?? "");
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
