import { wordsFor } from "../system-error.js";
import { type GivenOption, Invocation } from "./invocation.js";
import type { OptionSpec, Verb } from "./verb.js";
import { type OptionWord, readWords, splitAtTerminator } from "./words.js";

/** What is wrong with a command line; misuse.ts has the words for it, which are compiled only then. */
export type Misuse =
  | { readonly what: "option"; readonly word: OptionWord }
  | { readonly what: "extra"; readonly operand: string }
  | { readonly what: "empty"; readonly index: number }
  | { readonly what: "too-few"; readonly operands: readonly string[] }
  | { readonly what: "no-command" };

/**
 * Reads a command line by a verb's table; nothing after `--` is read. A verb without a command takes what stands there as
 * operands, so that a file may begin with a dash.
 *
 * @param args what follows the verb
 * @returns the first thing that is wrong, if there is one
 */
export function parseArguments(verb: Verb, args: readonly string[]): Invocation | Misuse {
  const { before, after } = splitAtTerminator(args);
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (const word of readWords(verb, before)) {
    if (word.kind === "operand") operands.push(word.text);
    else if (word.kind === "option" && isTaken(word.spec, word.value))
      options.push(
        word.value === undefined ? { name: word.spec.name } : { name: word.spec.name, value: word.value },
      );
    else return { what: "option", word };
  }
  if (!verb.takesCommand) operands.push(...(after ?? []));
  return (
    wrongCount(verb, operands, after) ??
    new Invocation(verb.name, options, operands, verb.takesCommand ? after : undefined)
  );
}

/** Whether it is one of the values that the option takes. */
function isTaken({ refused = {}, choices }: OptionSpec, value: string | undefined): boolean {
  if (value === undefined) return true;
  return wordsFor(refused, value) === undefined && (choices === undefined || choices.includes(value));
}

function wrongCount(
  { takesCommand, operands: { min, max } }: Verb,
  operands: readonly string[],
  after: readonly string[] | undefined,
): Misuse | undefined {
  const isTooMany = operands.length > max;
  // `\u2013-recursive`, as word processors and web pages write it, is no option.
  const extra = isTooMany
    ? (operands.find((text) => /^[\u2010-\u2015\u2212]/.test(text)) ?? operands[max])
    : undefined;
  if (takesCommand && after === undefined) return { what: "no-command" };
  if (extra !== undefined) return { what: "extra", operand: extra };
  // A variable that is not set. As a path it would be the working folder.
  const empty = operands.indexOf("");
  if (empty >= 0) return { what: "empty", index: empty };
  if (operands.length < min) return { what: "too-few", operands };
  return takesCommand && after?.length === 0 ? { what: "no-command" } : undefined;
}
