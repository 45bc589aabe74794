import {
  missingCommand,
  missingOperand,
  missingValue,
  notAChoice,
  unexpectedOperand,
  unexpectedValue,
  unknownOption,
} from "./failures.js";
import { type GivenOption, Invocation } from "./invocation.js";
import { nearest } from "./nearest.js";
import type { OptionSpec, Verb } from "./verb.js";

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

/** The options that a verb takes, by name. */
export function optionsOf(verb: Verb): Map<string, OptionSpec> {
  return new Map(verb.groups.flatMap((group) => group.options.map((option) => [option.name, option])));
}

/**
 * Reads a command line by a verb's table: options before or after operands, `--name value` and `--name=value`, nothing
 * after `--` read. A verb without a command takes what stands there as operands, so that a file may begin with a dash.
 *
 * @param args what follows the verb
 * @throws Failure (252) that names what is wrong, with the nearest right word
 */
export function parseArguments(verb: Verb, args: readonly string[]): Invocation {
  const { before, after } = splitAtTerminator(args);
  const specs = optionsOf(verb);
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (let index = 0; index < before.length; index++) {
    const argument = before[index] as string;
    if (!looksLikeOption(argument)) {
      operands.push(argument);
      continue;
    }
    const { option, taken } = readOption(argument, before[index + 1], specs, verb);
    options.push(option);
    index += taken;
    const more = specs.get(option.name)?.moreValues;
    while (more?.test(before[index + 1] ?? "")) options.push({ ...option, value: before[++index] as string });
  }
  if (!verb.takesCommand) operands.push(...(after ?? []));
  checkCounts(verb, operands, after);
  return new Invocation(verb.name, options, operands, verb.takesCommand ? after : undefined);
}

/** One option, and how many of the following arguments (0 or 1) belong to it. */
function readOption(
  argument: string,
  next: string | undefined,
  specs: ReadonlyMap<string, OptionSpec>,
  verb: Verb,
): { option: GivenOption; taken: 0 | 1 } {
  const [, dashes = "", name = "", inline] = /^(--?)([^=]*)(?:=([\s\S]*))?$/.exec(argument) ?? [];
  const spec = dashes === "-" ? (name === "h" ? specs.get("help") : undefined) : specs.get(name);
  if (spec === undefined) throw unknownOption(`${dashes}${name}`, verb.name, nearestOption(name, specs));
  if (spec.value === undefined) {
    if (inline !== undefined) throw unexpectedValue(name, verb.name);
    return { option: { name: spec.name }, taken: 0 };
  }
  if (inline !== undefined) return { option: checked(spec, inline), taken: 0 };
  if (spec.optionalValue !== undefined) {
    // Only one of its own words can be meant for it: `--sse s3://…` is an operand after an option without a value.
    return next !== undefined && spec.choices?.includes(next)
      ? { option: checked(spec, next), taken: 1 }
      : { option: { name: spec.name, value: spec.optionalValue }, taken: 0 };
  }
  if (next === undefined || next.startsWith("--")) throw missingValue(name, spec.value, verb.name);
  return { option: checked(spec, next), taken: 1 };
}

function nearestOption(name: string, specs: ReadonlyMap<string, OptionSpec>): string | undefined {
  const found = nearest(name, [...specs.keys()]);
  return found === undefined ? undefined : `--${found}`;
}

function checked(spec: OptionSpec, value: string): GivenOption {
  if (spec.choices !== undefined && !spec.choices.includes(value))
    throw notAChoice(spec.name, value, spec.choices, nearest(value, spec.choices));
  return { name: spec.name, value };
}

function checkCounts(verb: Verb, operands: readonly string[], after: readonly string[] | undefined): void {
  const extra = operands[verb.operands.max];
  if (verb.takesCommand && after === undefined) throw missingCommand(verb.name);
  if (extra !== undefined) throw unexpectedOperand(extra, verb.name, verb.synopsis);
  if (operands.length < verb.operands.min) throw missingOperand(verb, operands);
  if (verb.takesCommand && after?.length === 0) throw missingCommand(verb.name);
}
