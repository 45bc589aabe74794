/** A command that cannot be split: a quote that is not closed, or a backslash at its end. */
export class UnsplittableCommand extends Error {}

/** What a double-quoted text lets a backslash escape; before anything else it stays. */
const ESCAPED_IN_QUOTES = /\\(["\\])/g;

/** A bare run, a backslash with its character, a text in single or in double quotes; what separates words. */
const PART = /([^ \t\r\n'"\\]+)|\\([\s\S])|'([^']*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|[ \t\r\n]+/y;

/**
 * Splits a command into words as Python's `shlex.split` does, by which the AWS CLI splits `credential_process` and the
 * names of sections: quotes and backslashes of a POSIX shell and nothing else of one. Within double quotes a backslash
 * counts before `"` and `\` alone; a `#` begins no comment, nothing is expanded, and a backslash before a line break gives
 * the line break.
 *
 * @throws UnsplittableCommand
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const part = new RegExp(PART);
  while (part.lastIndex < command.length) {
    const at = part.lastIndex;
    const found = part.exec(command);
    if (found === null)
      throw new UnsplittableCommand(
        command.charAt(at) === "\\" ? "it ends with a backslash" : "a quote in it is not closed",
      );
    const [, bare, escaped, single, double] = found;
    const text = bare ?? escaped ?? single ?? double?.replace(ESCAPED_IN_QUOTES, "$1");
    if (text !== undefined) word = `${word ?? ""}${text}`;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
