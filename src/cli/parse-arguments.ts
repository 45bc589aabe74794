import {
  emptyOperand,
  missingCommand,
  missingOperand,
  missingValue,
  notAChoice,
  notSupported,
  unexpectedOperand,
  unexpectedValue,
  unknownOption,
} from "./failures.js";
import { type GivenOption, Invocation } from "./invocation.js";
import { nearest } from "./nearest.js";
import type { OptionSpec, Verb } from "./verb.js";
import { optionsOf, readWords, splitAtTerminator, type Word } from "./words.js";

/**
 * Reads a command line by a verb's table; nothing after `--` is read. A verb without a command takes what stands there as
 * operands, so that a file may begin with a dash.
 *
 * @param args what follows the verb
 * @throws Failure (252) that names what is wrong, with the nearest right word
 */
export function parseArguments(verb: Verb, args: readonly string[]): Invocation {
  const { before, after } = splitAtTerminator(args);
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (const word of readWords(verb, before)) {
    if (word.kind === "operand") operands.push(word.text);
    else options.push(givenOption(word, verb));
  }
  if (!verb.takesCommand) operands.push(...(after ?? []));
  checkCounts(verb, operands, after);
  return new Invocation(verb.name, options, operands, verb.takesCommand ? after : undefined);
}

function givenOption(word: Exclude<Word, { kind: "operand" }>, verb: Verb): GivenOption {
  if (word.kind === "unknown-option")
    throw unknownOption(word.text, verb.name, nearestOption(word.text, verb));
  const { spec } = word;
  if (word.kind === "missing-value") throw missingValue(spec.name, spec.value ?? "", verb.name);
  if (word.kind !== "option") throw unexpectedValue(spec.name, verb.name);
  return word.value === undefined ? { name: spec.name } : checked(spec, word.value);
}

/** What single letters stand for in other programs. */
const LETTERS: Readonly<Record<string, string>> = {
  r: "recursive",
  R: "recursive",
  h: "human-readable",
  n: "dryrun",
  q: "quiet",
  v: "debug",
  o: "output",
  f: "format",
  p: "profile",
};

function nearestOption(text: string, verb: Verb): string | undefined {
  const names = [...optionsOf(verb).keys()];
  const given = text.replace(/^--?/, "");
  // `-la`, `-lh`: the first letter that means something here.
  const letters = text.startsWith("--") ? [] : [...given].map((letter) => LETTERS[letter] ?? "");
  const long = letters.find((name) => names.includes(name) || verb.without?.[name] !== undefined) ?? given;
  const without = verb.without?.[long];
  if (without !== undefined) return without;
  const found = nearest(long, names);
  return found === undefined ? undefined : `--${found}`;
}

function checked(spec: OptionSpec, value: string): GivenOption {
  const refusal = spec.refused?.[value];
  if (refusal !== undefined) throw notSupported(spec.name, value, refusal);
  if (spec.choices !== undefined && !spec.choices.includes(value))
    throw notAChoice(spec.name, value, spec.choices, nearest(value, spec.choices));
  return { name: spec.name, value };
}

function checkCounts(verb: Verb, operands: readonly string[], after: readonly string[] | undefined): void {
  const extra = operands[verb.operands.max];
  if (verb.takesCommand && after === undefined) throw missingCommand(verb.name);
  if (extra !== undefined) throw unexpectedOperand(extra, verb);
  // A variable that is not set. As a path it would be the working folder.
  const empty = operands.indexOf("");
  if (empty >= 0) throw emptyOperand(verb, empty);
  if (operands.length < verb.operands.min) throw missingOperand(verb, operands);
  if (verb.takesCommand && after?.length === 0) throw missingCommand(verb.name);
}
