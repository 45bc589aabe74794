import type { Verb } from "../../src/cli/verb.js";
import { VERBS } from "../../src/cli/verbs.js";

/** The tables of all verbs, in the order in which they are listed. */
export const ALL_VERBS: readonly Verb[] = await Promise.all(VERBS.map(({ load }) => load()));

/** The table of the verb of that name. */
export function tableOf(name: string): Verb {
  const found = ALL_VERBS.find((verb) => verb.name === name);
  if (found === undefined) throw new Error(`no verb ${name}`);
  return found;
}
