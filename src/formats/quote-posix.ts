/**
 * A value as one word of a POSIX shell (sh, dash, bash, zsh): between single quotes every character stands for itself,
 * newlines included (POSIX.1-2017, 2.2.2); a single quote is written outside of them.
 */
export function quotePosix(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
