/**
 * PowerShell ends a single-quoted string at any of these and reads two of them as one: ' and the typographic quotes
 * U+2018 to U+201B (IsSingleQuote in PowerShell's CharTraits.cs; about_Quoting_Rules).
 */
const SINGLE_QUOTES = /['\u2018-\u201b]/g;

const LINE_BREAKS = /[\r\n]/;

/**
 * A value as a PowerShell expression. Between single quotes everything else is literal, `$` and the backtick too. A line
 * break is written as its number, since `… | Invoke-Expression` evaluates each line alone.
 */
export function quotePowershell(value: string): string {
  const quoted = (text: string) => `'${text.replace(SINGLE_QUOTES, "$&$&")}'`;
  if (!LINE_BREAKS.test(value)) return quoted(value);
  // The string first: [char] + 'text' would be an attempt at addition.
  const parts = value.split(/([\r\n])/).filter((part) => part !== "");
  return `('' + ${parts.map((part) => (LINE_BREAKS.test(part) ? `[char]${part.charCodeAt(0)}` : quoted(part))).join(" + ")})`;
}
