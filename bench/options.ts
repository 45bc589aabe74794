/** What stands behind an option on the command line of the benchmark. */
export function wordOption(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

export function numberOption(name: string): number | undefined {
  const word = wordOption(name);
  return word === undefined ? undefined : Number(word);
}
