import { readFileSync } from "node:fs";

/** The entries of the list, as forms of `PRODUCT :: FILE > TITLE`. One without a reason in the line below is none. */
function formsIn(text: string): RegExp[] {
  return Array.from(text.matchAll(/^(?!#)(\S+ :: .+)\n[ \t]+\S.*$/gm), ([, pattern = ""]) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
  });
}

const FORMS = formsIn(readFileSync(new URL("./explained-passes.txt", import.meta.url), "utf8"));

/** Whether the list says why this test may pass with this product. */
export function isExplained(product: string, test: string): boolean {
  return FORMS.some((form) => form.test(`${product} :: ${test}`));
}
