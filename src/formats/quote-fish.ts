/** What fish leaves as it is; `%` was a process to its first versions. */
const BARE = /^(?!-)[A-Za-z0-9_@+,./=:-]+$/;

/**
 * A value as one word of fish, bare where it can be: between single quotes only `\'` and `\\` mean something
 * (https://fishshell.com/docs/current/language.html#quotes).
 */
export function quoteFish(value: string): string {
  return BARE.test(value) ? value : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
