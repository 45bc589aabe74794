import { lstatSync } from "node:fs";
import { TextSet } from "./text-set.js";

/** Remembers files by device and inode: two names of one file are the same, however a file system reads names. */
export class FileIdentities {
  readonly #seen = new TextSet();

  /** @param path of a file; nothing is remembered where there is none */
  add(path: string): void {
    const identity = identityOf(path);
    if (identity !== undefined) this.#seen.add(identity);
  }

  has(path: string): boolean {
    const identity = identityOf(path);
    return identity !== undefined && this.#seen.has(identity);
  }
}

/** Of what a name stands for, links not followed; undefined when it stands for nothing that can be looked at. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
