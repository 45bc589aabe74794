import { Invocation } from "../../src/cli/invocation.js";
import { misuseFailure } from "../../src/cli/misuse.js";
import { parseArguments } from "../../src/cli/parse-arguments.js";
import type { Verb } from "../../src/cli/verb.js";

/**
 * The command line as the verb gets it.
 *
 * @throws Failure (252) when it is wrong
 */
export function parsed(verb: Verb, args: readonly string[]): Invocation {
  const invocation = parseArguments(verb, args);
  if (invocation instanceof Invocation) return invocation;
  throw misuseFailure(invocation, verb);
}
