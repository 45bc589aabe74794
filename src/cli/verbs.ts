import { execVerb } from "../commands/exec.js";
import { exportVerb } from "../commands/export.js";
import { verifyVerb } from "../commands/verify.js";
import { unknownVerb } from "./failures.js";
import { nearest } from "./nearest.js";
import type { Verb } from "./verb.js";

/** The verbs of the main side. The first is the one that runs when none is given. */
export const MAIN_VERBS: readonly [Verb, ...Verb[]] = [verifyVerb, exportVerb, execVerb];

/** The S3 side's verbs: their tables are compiled when one of them is asked for. A test holds the two lists together. */
export const S3_VERBS: readonly { readonly name: string; readonly summary: string }[] = [
  { name: "cp", summary: "Copy objects to or from S3, or within it, as aws s3 cp does." },
  { name: "sync", summary: "Copy what is new or changed, as aws s3 sync does." },
  { name: "ls", summary: "List buckets or objects, as aws s3 ls does." },
  { name: "cache-key", summary: "Print a digest that changes exactly when the objects do." },
  { name: "doctor", summary: "Look at everything that can be wrong, and say how to fix it." },
];

const NAMES = [...MAIN_VERBS, ...S3_VERBS].map(({ name }) => name);

export function isVerbName(word: string): boolean {
  return NAMES.includes(word);
}

/**
 * @throws Failure (252) for a name that is none
 */
export async function verbNamed(name: string): Promise<Verb> {
  const main = MAIN_VERBS.find((verb) => verb.name === name);
  if (main !== undefined) return main;
  if (isVerbName(name)) {
    const { verbs } = await import("../s3-side.js");
    const found = verbs.find((verb) => verb.name === name);
    if (found !== undefined) return found;
  }
  throw unknownVerb(name, nearest(name, NAMES), NAMES);
}

/** The main side's verb of that name, or the one that was misspelt so. */
export function meantVerb(name: string): Verb | undefined {
  const meant = isVerbName(name) ? name : nearest(name, NAMES);
  return MAIN_VERBS.find((verb) => verb.name === meant);
}
