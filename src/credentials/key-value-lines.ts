/** `NAME=`, with what a shell or cmd may have before it. */
const ASSIGNMENT = /^\s*(?:export\s+|set\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

/**
 * The value of a POSIX shell word: single quotes, double quotes and backslashes are taken away, as our own `export`
 * puts them there. A bare word ends at a blank or a semicolon.
 */
function unquoted(word: string): string {
  let value = "";
  const parts = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s;'"\\]+)/gy;
  for (let part = parts.exec(word); part !== null; part = parts.exec(word)) {
    const [, single, double, escaped, bare] = part;
    value += single ?? double?.replace(/\\([$`"\\])/g, "$1") ?? escaped ?? bare ?? "";
  }
  return value;
}

/** Reads `KEY=VALUE` lines, with or without `export`; other lines are passed over. The last of a name counts. */
export function parseKeyValueLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, word] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined && word !== undefined) values.set(name, unquoted(word));
  }
  return values;
}
