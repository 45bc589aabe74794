import { isUtf8 } from "node:buffer";
import { type Dirent, readdirSync } from "node:fs";

/** What stands in a folder, by a name that it can be opened with. */
export interface FolderEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export interface FolderContent {
  readonly entries: readonly FolderEntry[];
  /** Those whose names are not UTF-8. The name here has U+FFFD for what is not: it is to be shown, and may be another's. */
  readonly notUtf8: readonly FolderEntry[];
}

function decoded(entry: Dirent<Buffer>): FolderEntry {
  return {
    name: entry.name.toString(),
    isFile: () => entry.isFile(),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  };
}

/**
 * Reads a folder. Node gives any number of names that are not UTF-8 as the same text, which may be the name of yet another
 * file: where that text appears, the bytes are read.
 *
 * @throws the system's error
 */
export function readFolder(path: string): FolderContent {
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes("\ufffd"))) return { entries, notUtf8: [] };
  const raw = readdirSync(path, { withFileTypes: true, encoding: "buffer" });
  return {
    entries: raw.filter(({ name }) => isUtf8(name)).map(decoded),
    notUtf8: raw.filter(({ name }) => !isUtf8(name)).map(decoded),
  };
}
