import { readFileSync } from "node:fs";

/** The entries of a list, with `*` for any text. One without a reason in the line below is none. */
function formsIn(list: string): RegExp[] {
  const text = readFileSync(new URL(list, import.meta.url), "utf8");
  return Array.from(text.matchAll(/^(?!#)(\S.*)\n[ \t]+\S.*$/gm), ([, pattern = ""]) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
  });
}

const PASSES = formsIn("./explained-passes.txt");
const EQUIVALENT = formsIn("./equivalent.txt");

/** Whether the list says why this test may pass with this product. */
export function isExplained(product: string, test: string): boolean {
  return PASSES.some((form) => form.test(`${product} :: ${test}`));
}

/** Whether the list says why no test can notice this change. */
export function isEquivalent(change: string): boolean {
  return EQUIVALENT.some((form) => form.test(change));
}
