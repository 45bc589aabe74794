import { dirname, relative, sep } from "node:path";

/**
 * How a local file is named in output lines, as the AWS CLI does it: relative to the working directory, with `./` when
 * it lies directly in it.
 *
 * @param path absolute
 */
export function displayPath(path: string, workingFolder: string): string {
  const folder = dirname(path);
  const name = path.slice(folder.endsWith(sep) ? folder.length : folder.length + 1);
  return `${relative(workingFolder, folder) || "."}${sep}${name}`;
}

/** `displayPath` for the many files below one root, without computing the same relation for each. */
export function displayBelow(root: string, workingFolder: string): (name: string) => string {
  const shown = relative(workingFolder, root);
  const above = workingFolder === root || workingFolder.startsWith(root === sep ? root : root + sep);
  return above
    ? (name) => displayPath(`${root === sep ? "" : root}${sep}${name}`, workingFolder)
    : (name) => `${shown}${sep}${name}`;
}
