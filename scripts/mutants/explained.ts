import { readFileSync } from "node:fs";

/** Why tests may pass with a product that does nothing. */
export interface Explained {
  /** Of the product, the file and the title; `*` stands for any text. */
  readonly pattern: string;
  readonly reason: string;
  readonly fits: (product: string, test: string) => boolean;
}

/**
 * Reads the list: `PRODUCT :: FILE > TITLE`, and below it the reason, indented. `*` stands for any text; lines with `#`
 * are comments.
 */
export function readExplained(text: string): Explained[] {
  const entries = text.matchAll(/^(?!#)(\S+ :: .+)\n[ \t]+(\S.*)$/gm);
  return Array.from(entries, ([, pattern = "", reason = ""]) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    const form = new RegExp(`^${parts.join("[^]*")}$`);
    return { pattern, reason, fits: (product, test) => form.test(`${product} :: ${test}`) };
  });
}

export const EXPLAINED = readExplained(
  readFileSync(new URL("./explained-passes.txt", import.meta.url), "utf8"),
);
