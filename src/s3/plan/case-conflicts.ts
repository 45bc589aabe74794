import type { CaseConflictRule } from "./copy-options.js";
import { foldsNames, type NameKind, RespeltFiles } from "./folding.js";
import { TextSet } from "./text-set.js";

/** `A` and `a`, and both ways to write `é`, are one name to a file system that folds. */
export function foldedName(name: string): string {
  return isAscii(name) ? name.toLowerCase() : name.normalize("NFC").toLowerCase().normalize("NFC");
}

/** Such a name can be written in one way only. */
function isAscii(name: string): boolean {
  return !/[^\0-\x7f]/.test(name);
}

/**
 * Remembers the names of a copy, folded. Where no rule was given, two that fold to the same are a conflict only when
 * the file system takes them for one: that is looked up in the folder itself, once there is a file in it.
 */
export class CaseConflicts {
  readonly #rule: CaseConflictRule;
  readonly #root: string;
  readonly #files: RespeltFiles;
  readonly #settled: () => Promise<void>;
  readonly #seen = new TextSet();
  /** Whether a folder folds, by its name and the kind of difference. */
  readonly #folding = new Map<string, boolean>();

  /**
   * @param root absolute path of the target folder
   * @param settled resolves when all files that were begun are in their places
   */
  constructor(rule: CaseConflictRule, root: string, settled: () => Promise<void>) {
    this.#rule = rule;
    this.#root = root;
    this.#files = new RespeltFiles(root);
    this.#settled = settled;
  }

  /** Whether another name before this one is the same, or with a rule that of a file that is there. */
  conflicts(name: string): boolean | Promise<boolean> {
    const sameForm = !isAscii(name) && !this.#seen.add(`\0${name.normalize("NFC")}`);
    const isFirst = this.#seen.add(foldedName(name));
    // What lies there already counts where a rule was given, as for the AWS CLI.
    if (isFirst) return this.#rule !== "ignore" && this.#files.has(name);
    return this.#rule !== "ignore" || this.#isOneFile(name, sameForm ? "form" : "case");
  }

  async #isOneFile(name: string, kind: NameKind): Promise<boolean> {
    const folders = [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));
    const unknown = ["", ...folders].filter((folder) => this.#folds(folder, kind) === undefined);
    if (this.#anyFolds(folders, kind)) return true;
    if (unknown.length === 0) return false;
    await this.#settled();
    for (const folder of unknown) this.#folds(folder, kind);
    return this.#anyFolds(folders, kind);
  }

  #anyFolds(folders: readonly string[], kind: NameKind): boolean {
    return ["", ...folders].some((folder) => this.#folding.get(`${kind} ${folder}`) === true);
  }

  /** @returns undefined when nothing in the folder can tell yet */
  #folds(folder: string, kind: NameKind): boolean | undefined {
    const place = `${kind} ${folder}`;
    const folds = this.#folding.get(place) ?? foldsNames(`${this.#root}/${folder}`, kind);
    if (folds !== undefined) this.#folding.set(place, folds);
    return folds;
  }
}
