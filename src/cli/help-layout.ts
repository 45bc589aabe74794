/** Below it, a text beside its title would be a column of single words. */
const LEAST_TEXT_COLUMNS = 24;

/** As GNU's and Python's programs do where nothing tells how wide the terminal is. */
const USUAL_COLUMNS = 80;

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;

/**
 * How wide help may be: COLUMNS, which people set for a pipe too, else the terminal's width.
 *
 * @param terminal its columns; undefined where there is none, 0 where nobody has sized it
 */
export function helpColumns(COLUMNS: string | undefined, terminal: number | undefined): number {
  const told = /^\d+$/.test(COLUMNS ?? "") ? Number(COLUMNS) : 0;
  return Math.min(told || terminal || USUAL_COLUMNS, MOST_COLUMNS);
}

/** Behind `indent` blanks, or as many as leave room for it. */
function indented(text: string, indent: number, width: number): string {
  return " ".repeat(Math.min(indent, Math.max(0, width - text.length))) + text;
}

/**
 * Breaks a text into lines of at most `width` columns, each behind `indent` blanks, between words and after the `|` of
 * choices. A word that is longer stands alone.
 */
export function wrapped(text: string, indent: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const token of text.match(/\s*(?:[^\s|]+\|?|\|)/g) ?? []) {
    const longer = line === "" ? token.trimStart() : line + token;
    if (line !== "" && indent + longer.length > width) {
      lines.push(line);
      line = token.trimStart();
    } else line = longer;
  }
  return [...lines, line].map((each) => indented(each, indent, width));
}

/** A title, its text beside it from `column` on; below it where the title is long or the terminal narrow. */
export function definition(title: string, text: string, column: number, width: number): string {
  const beside = title.length + 4 <= column && width - column >= LEAST_TEXT_COLUMNS;
  if (!beside) return [...wrapped(title, 2, width), ...wrapped(text, Math.min(column, 6), width)].join("\n");
  const [first = "", ...others] = wrapped(text, column, width);
  return [`  ${title.padEnd(column - 2)}${first.trimStart()}`, ...others].join("\n");
}

/** The words of a command line; what stands between quotes is not parted. */
const words = (line: string) => line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];

/**
 * A command line whose parts begin lines of their own when it is longer than the terminal, broken so that it can be pasted
 * into a shell or a Dockerfile all the same.
 */
export function commandLines(parts: readonly string[], width: number): string {
  const whole = `  ${parts.join(" ")}`;
  if (whole.length <= width) return whole;
  const lines: string[] = [];
  for (const part of parts.flatMap((each) => each.split(/ (?=&& |\| )/))) {
    let line = "";
    for (const word of words(part)) {
      const indent = lines.length === 0 ? 2 : 6;
      // Behind it there may have to be ` \`.
      if (line !== "" && indent + line.length + 1 + word.length + 2 > width) {
        lines.push(indented(line, indent, width - 2));
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(indented(line, lines.length === 0 ? 2 : 6, width - 2));
  }
  return lines.join(" \\\n");
}
