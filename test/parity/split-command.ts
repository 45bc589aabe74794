/** Splits a command line of the tables as a shell would: at blanks, single quotes keep a word together, `$'…'` knows \n, \t and \e. */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  for (const [word] of command.matchAll(/(?:\$?'[^']*'|[^\s'])+/g)) {
    words.push(
      word.replace(/(\$?)'([^']*)'/g, (_, dollar: string, quoted: string) =>
        dollar === ""
          ? quoted
          : quoted.replace(/\\([nte])/g, (__, letter: string) => ESCAPES[letter] ?? letter),
      ),
    );
  }
  return words;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", e: "\x1b" };
