import type { OptionSpec, Verb } from "./verb.js";

/** What an argument is by a verb's table, together with the value that belongs to it. */
export type Word =
  | { readonly kind: "option"; readonly spec: OptionSpec; readonly value?: string }
  | { readonly kind: "operand"; readonly text: string }
  /** Like an option, but the verb has none of that name. `text` is without an `=…`. */
  | { readonly kind: "unknown-option"; readonly text: string }
  | { readonly kind: "missing-value" | "unexpected-value"; readonly spec: OptionSpec };

export type OptionWord = Exclude<Word, { readonly kind: "operand" }>;

/** The arguments before `--`, and those after it (undefined without one). */
export function splitAtTerminator(args: readonly string[]): {
  before: readonly string[];
  after: readonly string[] | undefined;
} {
  const at = args.indexOf("--");
  return at < 0
    ? { before: args, after: undefined }
    : { before: args.slice(0, at), after: args.slice(at + 1) };
}

/** `-` alone is an operand: standard input or output. */
export function looksLikeOption(argument: string): boolean {
  return argument.length > 1 && argument.startsWith("-");
}

/** Whether an argument can be a value without an `=`: the rule of Python's argparse, by which the AWS CLI reads. */
export function looksLikeValue(argument: string | undefined): argument is string {
  return (
    argument !== undefined &&
    (!looksLikeOption(argument) || argument.includes(" ") || /^-(\d+|\d*\.\d+)$/.test(argument))
  );
}

/** The options that a verb takes, by name. */
export function optionsOf(verb: Verb): Map<string, OptionSpec> {
  return new Map(verb.groups.flatMap((group) => group.options.map((option) => [option.name, option])));
}

/**
 * Reads arguments by a verb's table, without a judgment: options before or after operands, `--name value` and
 * `--name=value`.
 *
 * @param before what stands before `--`, without the verb
 */
export function readWords(verb: Verb, before: readonly string[]): Word[] {
  const specs = optionsOf(verb);
  const words: Word[] = [];
  for (let index = 0; index < before.length; index++) {
    const argument = before[index] as string;
    if (!looksLikeOption(argument)) {
      words.push({ kind: "operand", text: argument });
      continue;
    }
    const { word, taken } = readOption(argument, before[index + 1], specs);
    words.push(word);
    index += taken;
    const more = word.kind === "option" ? word.spec.moreValues : undefined;
    while (more?.test(before[index + 1] ?? "")) words.push({ ...word, value: before[++index] } as Word);
  }
  return words;
}

/** One option, and how many of the following arguments (0 or 1) belong to it. */
function readOption(
  argument: string,
  next: string | undefined,
  specs: ReadonlyMap<string, OptionSpec>,
): { word: Word; taken: 0 | 1 } {
  const [, dashes = "", name = "", inline] = /^(--?)([^=]*)(?:=([\s\S]*))?$/.exec(argument) ?? [];
  const spec = dashes === "-" ? (name === "h" ? specs.get("help") : undefined) : specs.get(name);
  if (spec === undefined) return { word: { kind: "unknown-option", text: dashes + name }, taken: 0 };
  const { value, optionalValue, choices } = spec;
  if (value === undefined)
    return { word: { kind: inline === undefined ? "option" : "unexpected-value", spec }, taken: 0 };
  if (inline !== undefined) return { word: { kind: "option", spec, value: inline }, taken: 0 };
  if (optionalValue !== undefined) {
    // Only one of its own words can be meant for it: `--sse s3://…` is an operand after an option without a value.
    return next !== undefined && choices?.includes(next)
      ? { word: { kind: "option", spec, value: next }, taken: 1 }
      : { word: { kind: "option", spec, value: optionalValue }, taken: 0 };
  }
  return looksLikeValue(next)
    ? { word: { kind: "option", spec, value: next }, taken: 1 }
    : { word: { kind: "missing-value", spec }, taken: 0 };
}

/**
 * Whether a flag was read. Behind an option whose value is missing nothing is sure to be a flag: it may have been meant
 * for that value, as in `--expect-role "$ROLE"` with a ROLE of `--help`.
 */
export function hasFlag(words: readonly Word[], name: string): boolean {
  for (const word of words) {
    if (word.kind === "missing-value") return false;
    if (word.kind === "option" && word.spec.name === name) return true;
  }
  return false;
}
