interface Form {
  /** What stands before the value; its group is the variable's name. */
  readonly start: RegExp;
  /** The value that a shell of this form gives to the variable. */
  readonly read: (rest: string) => string;
}

/**
 * The value of a POSIX shell word: single quotes, double quotes and backslashes are taken away, as our own `export`
 * puts them there. A bare word ends at a blank or a semicolon.
 */
function posixWord(word: string): string {
  let value = "";
  const parts = /'([^']*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|\\([\s\S])|([^ \t\r\n\f\v;'"\\]+)/gy;
  for (let part = parts.exec(word); part !== null; part = parts.exec(word)) {
    const [, single, double, escaped, bare] = part;
    value += single ?? double?.replace(/\\([$`"\\])/g, "$1") ?? escaped ?? bare ?? "";
  }
  return value;
}

/** A word of fish: between single quotes only `\'` and `\\` mean something. */
function fishWord(word: string): string {
  const quoted = /^'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/.exec(word)?.[1];
  return quoted === undefined ? posixWord(word) : quoted.replace(/\\(['\\])/g, "$1");
}

/** A string of PowerShell: two quotes of any of the five kinds are one; in double ones the backtick makes the next literal. */
function powershellString(text: string): string {
  const single = /^['\u2018-\u201b]([^'\u2018-\u201b]*(?:['\u2018-\u201b]{2}[^'\u2018-\u201b]*)*)/.exec(
    text,
  )?.[1];
  if (single !== undefined) return single.replace(/(['\u2018-\u201b])['\u2018-\u201b]/g, "$1");
  const double = /^"([^"`]*(?:`[\s\S][^"`]*)*)/.exec(text)?.[1];
  return double?.replace(/`([\s\S])/g, "$1") ?? text.trim();
}

/** The rest of a line of cmd.exe, as a batch file has it. */
function cmdValue(text: string): string {
  return text.replaceAll("%%", "%").replace(/\^([\s\S])/g, "$1");
}

const FORMS: readonly Form[] = [
  { start: /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/, read: posixWord },
  { start: /^\s*set\s+(?:-[a-zA-Z]+|--export)\s+([A-Za-z_][A-Za-z0-9_]*)\s+/, read: fishWord },
  { start: /^\s*\$env:([A-Za-z_][A-Za-z0-9_]*)\s*=\s*/i, read: powershellString },
  { start: /^\s*set\s+([A-Za-z_][A-Za-z0-9_]*)=/i, read: cmdValue },
];

/**
 * Reads lines that set a variable, as any of the formats of `export` has them (POSIX shells with or without `export`, fish,
 * PowerShell, cmd.exe); other lines are passed over. The last of a name counts.
 */
export function parseKeyValueLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    for (const { start, read } of FORMS) {
      const [before = "", name] = start.exec(line) ?? [];
      if (name === undefined) continue;
      values.set(name, read(line.slice(before.length)));
      break;
    }
  }
  return values;
}
