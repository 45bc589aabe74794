/**
 * A value for `set NAME=value` in a batch file of cmd.exe. There `%` is doubled (expanded first, phase 1 of the parser),
 * and each character that the parser obeys gets a caret (phase 2); no quotes, since a quote inside the value would end
 * them. An exclamation mark is safe as long as nobody turned delayed expansion on, which is off by default. Source of
 * the rules: "How does the Windows Command Interpreter (CMD.EXE) parse scripts?",
 * https://stackoverflow.com/questions/4094699, and `set /?`.
 *
 * @returns undefined when the value cannot be written in one: it has a line break or another control character
 */
export function quoteCmd(value: string): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(value)) return undefined;
  return value.replaceAll("%", "%%").replace(/[\^&|<>()"]/g, "^$&");
}
