import type { Failure } from "../failure.js";
import { nearest } from "../output/nearest.js";
import { wordsFor } from "../system-error.js";
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
import type { Misuse } from "./parse-arguments.js";
import type { Verb } from "./verb.js";
import { type OptionWord, optionsOf } from "./words.js";

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
  const { without = {} } = verb;
  const names = [...optionsOf(verb).keys()];
  const given = text.replace(/^--?/, "");
  // `-la`, `-lh`: the first letter that means something here.
  const letters = text.startsWith("--") ? [] : [...given].map((letter) => LETTERS[letter] ?? "");
  const long = letters.find((name) => names.includes(name) || wordsFor(without, name) !== undefined) ?? given;
  const instead = wordsFor(without, long);
  if (instead !== undefined) return instead;
  const found = nearest(long, names);
  return found === undefined ? undefined : `--${found}`;
}

/** An option that the verb does not have, without a value that it needs, or with one that it does not take. */
function wrongOption(word: OptionWord, verb: Verb): Failure {
  if (word.kind === "unknown-option")
    return unknownOption(word.text, verb.name, nearestOption(word.text, verb));
  const { name, value: title = "", choices = [], refused = {} } = word.spec;
  if (word.kind === "missing-value") return missingValue(name, title, verb.name);
  if (word.kind !== "option") return unexpectedValue(name, verb.name);
  const { value = "" } = word;
  const refusal = wordsFor(refused, value);
  return refusal === undefined
    ? notAChoice(name, value, choices, nearest(value, choices))
    : notSupported(name, value, refusal);
}

/** What is wrong, with the nearest right word. Exit code 252. */
export function misuseFailure(misuse: Misuse, verb: Verb): Failure {
  switch (misuse.what) {
    case "option":
      return wrongOption(misuse.word, verb);
    case "extra":
      return unexpectedOperand(misuse.operand, verb);
    case "empty":
      return emptyOperand(verb, misuse.index);
    case "too-few":
      return missingOperand(verb, misuse.operands);
    case "no-command":
      return missingCommand(verb.name);
  }
}
