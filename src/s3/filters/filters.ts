import { type FileNamePattern, fileNamePattern } from "./file-name-pattern.js";

/** One `--include` or `--exclude`. */
export interface FilterRule {
  readonly includes: boolean;
  /** Begins with `/`: matched against absolute local paths, never against keys. */
  readonly pattern: string;
}

interface CompiledRule {
  readonly includes: boolean;
  readonly absolute: boolean;
  readonly pattern: FileNamePattern;
}

/** Which entries of a tree are meant: of the rules, in the order of the command line, the last that matches decides. */
export class Filters {
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly FilterRule[]) {
    this.#rules = rules.map(({ includes, pattern }) => ({
      includes,
      absolute: pattern.startsWith("/"),
      pattern: fileNamePattern(pattern),
    }));
  }

  /** True when no rule was given. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /**
   * @param name relative to the root of its side, with `/` between folders
   * @param root the absolute path of a local root; undefined for S3
   */
  accepts(name: string, root?: string): boolean {
    for (let index = this.#rules.length - 1; index >= 0; index--) {
      const rule = this.#rules[index];
      const text = rule && subject(rule, name, root);
      if (rule !== undefined && text !== undefined && rule.pattern.matches(text)) return rule.includes;
    }
    return true;
  }

  /**
   * Whether any name below a folder may be accepted. False only when the rules leave out all that could be there.
   *
   * @param folder as `accepts` has names, with `/` at its end; `""` is the root itself
   */
  mayAcceptBelow(folder: string, root?: string): boolean {
    for (let index = this.#rules.length - 1; index >= 0; index--) {
      const rule = this.#rules[index];
      const text = rule && subject(rule, folder, root);
      if (rule === undefined || text === undefined) continue;
      if (rule.includes ? rule.pattern.mayMatchBelow(text) : rule.pattern.matchesAllBelow(text))
        return rule.includes;
    }
    return true;
  }
}

/** What a rule is matched against; undefined where it does not apply. */
function subject({ absolute }: CompiledRule, name: string, root: string | undefined): string | undefined {
  if (!absolute) return name;
  return root === undefined ? undefined : `${root === "/" ? "" : root}/${name}`;
}
