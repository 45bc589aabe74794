/**
 * What every POSIX shell, and zsh, leaves as it is, in an assignment and as a word alone. Not at its start: `=`, which zsh
 * takes for the path of a command, and `-`. `:=` neither: zsh looks after each colon.
 */
const BARE = /^(?![=-])(?:[A-Za-z0-9_@%+,./=-]|:(?!=))+$/;

/** Whether a value needs no quotes: keys, tokens and dates do not. */
export function isBare(value: string): boolean {
  return BARE.test(value);
}

/**
 * A value as one word of a POSIX shell (sh, dash, bash, zsh), bare where it can be, as the AWS CLI writes it: between single
 * quotes every character stands for itself, newlines included (POSIX.1-2017, 2.2.2); a single quote is written outside of them.
 */
export function quotePosix(value: string): string {
  return isBare(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
