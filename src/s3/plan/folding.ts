import { type BigIntStats, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Names that differ in the case of letters, or in how letters with accents are made up (Unicode NFC and NFD). */
export type NameKind = "case" | "form";

/** The same name otherwise; itself when there is no other. */
function respelt(name: string, kind: NameKind): string {
  if (kind === "case") return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  const composed = name.normalize("NFC");
  return name === composed ? name.normalize("NFD") : composed;
}

function look(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined;
  }
}

/**
 * Whether a folder takes two spellings of a name for one: the other spelling of a name that is in it leads to the very
 * same file. Asked of the folder itself, for file systems differ by mount, and on Linux by folder. Writes nothing.
 *
 * @returns undefined when it is not there, or holds no name that could tell
 */
export function foldsNames(folder: string, kind: NameKind): boolean | undefined {
  for (const name of namesIn(folder)) {
    const other = respelt(name, kind);
    if (other === name) continue;
    // In this order: what is there afterwards was there before, and the other name would have led to it.
    const second = look(join(folder, other));
    const first = look(join(folder, name));
    if (first === undefined) continue;
    const same = second !== undefined && first.dev === second.dev && first.ino === second.ino;
    // Two names of one file may also be hard links.
    if (!same || first.nlink === 1n || first.isDirectory()) return same;
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Finds files below a folder that are there under another spelling of their names. */
export class RespeltFiles {
  readonly #root: string;
  /** The names in each folder of the path that was asked for last. */
  #folders = new Map<string, ReadonlySet<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @param name relative to the root; of names asked for in order each folder is read once */
  has(name: string): boolean {
    if (look(join(this.#root, name)) === undefined) return false;
    const before = this.#folders;
    this.#folders = new Map();
    let folder = this.#root;
    let isRespelt = false;
    for (const part of name.split("/")) {
      const names = before.get(folder) ?? new Set(namesIn(folder));
      this.#folders.set(folder, names);
      isRespelt ||= !names.has(part);
      folder = join(folder, part);
    }
    return isRespelt;
  }
}
