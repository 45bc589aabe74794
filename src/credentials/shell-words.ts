/** A command that cannot be split: a quote that is not closed, or a backslash at its end. */
export class UnsplittableCommand extends Error {}

/** What separates words: no other space of Unicode does. */
const SPACE = " \t\r\n";

/**
 * Splits a command into words as Python's `shlex.split` does, by which the AWS CLI splits `credential_process`: quotes and
 * backslashes of a POSIX shell and nothing else of one. Within double quotes a backslash counts before `"` and `\` alone; a
 * `#` begins no comment, nothing is expanded, and a backslash before a line break gives the line break.
 *
 * @throws UnsplittableCommand
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    const next = command.charAt(at + 1);
    if (character === "\\" && quote !== "'") {
      if (next === "") throw new UnsplittableCommand("it ends with a backslash");
      const isKept = quote === '"' && next !== '"' && next !== "\\";
      word = `${word ?? ""}${isKept ? "\\" : ""}${next}`;
      at++;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word = `${word ?? ""}${character}`;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (SPACE.includes(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ""}${character}`;
  }
  if (quote !== "") throw new UnsplittableCommand("a quote in it is not closed");
  return word === undefined ? words : [...words, word];
}
