/**
 * A value as one word of fish: between single quotes only `\'` and `\\` mean something
 * (https://fishshell.com/docs/current/language.html#quotes).
 */
export function quoteFish(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
