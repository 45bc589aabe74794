import type { GivenOption } from "../../cli/invocation.js";
import { fileNamePattern } from "./file-name-pattern.js";

interface Rule {
  readonly includes: boolean;
  /** Begins with `/`: matched against absolute local paths, never against keys. */
  readonly absolute: boolean;
  readonly test: (text: string) => boolean;
}

/** Which entries of a tree are meant: the rules of `--include` and `--exclude` in their order, the last match wins. */
export class Filters {
  readonly #rules: readonly Rule[];

  constructor(options: readonly GivenOption[]) {
    this.#rules = options.flatMap(({ name, value }) =>
      (name === "include" || name === "exclude") && value !== undefined
        ? [{ includes: name === "include", absolute: value.startsWith("/"), test: fileNamePattern(value) }]
        : [],
    );
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
      if (rule === undefined || (rule.absolute && root === undefined)) continue;
      if (rule.test(rule.absolute ? `${root === "/" ? "" : root}/${name}` : name)) return rule.includes;
    }
    return true;
  }
}
