import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CaseConflictRule } from "./copy-options.js";

/** `A` and `a`, and both ways to write `é`, are one name to a file system that folds. */
export function foldedName(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

/** Whether the file system of an existing folder takes names that differ in case only as one. Writes nothing. */
export function foldsCase(folder: string): boolean {
  const name = basename(folder);
  const swapped = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (swapped === name) return false;
  const [one, other] = [folder, join(dirname(folder), swapped)].map((path) =>
    lstatSync(path, { throwIfNoEntry: false, bigint: true }),
  );
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

/** Remembers the names of a copy, folded, where that is asked for or the file system makes it needed. */
export class CaseConflicts {
  readonly rule: CaseConflictRule;
  readonly #seen: Set<string> | undefined;

  /** @param folder existing target folder, looked at only when the rule is `ignore` */
  constructor(rule: CaseConflictRule, folder: string) {
    const needed = rule !== "ignore" || foldsCase(folder);
    this.rule = rule === "ignore" && needed ? "skip" : rule;
    this.#seen = needed ? new Set() : undefined;
  }

  /** Whether another name before this one folds to the same. */
  conflicts(name: string): boolean {
    if (this.#seen === undefined) return false;
    const folded = foldedName(name);
    if (this.#seen.has(folded)) return true;
    this.#seen.add(folded);
    return false;
  }
}
