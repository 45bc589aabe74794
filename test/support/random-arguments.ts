import fc from "fast-check";
import type { OptionSpec, Verb } from "../../src/cli/verb.js";
import { ALL_VERBS } from "./all-verbs.js";

const NAMES = ALL_VERBS.map(({ name }) => name);
const OPTIONS = [
  ...new Set(
    ALL_VERBS.flatMap(({ groups }) => groups.flatMap(({ options }) => options.map(({ name }) => name))),
  ),
];

/** What a user, a script gone wrong, or an attacker could type. */
const argument: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...OPTIONS).map((name) => `--${name}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...OPTIONS), fc.string())
      .map(([name, value]) => `--${name}=${value}`),
  },
  { weight: 2, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "-",
      "--",
      "---",
      "",
      "-h",
      "=",
      "--=",
      "--=x",
      "s3://b/k",
      "s3://",
      "/tmp",
      "1m",
      "\u001b[31m",
      "__proto__",
      "--__proto__",
      "--constructor=1",
      "$X",
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")) },
);

const randomArguments: fc.Arbitrary<string[]> = fc.array(argument, { maxLength: 12 });

/** An option of a verb with a value that it takes. */
function optionOf({ name, value, choices }: OptionSpec): fc.Arbitrary<string[]> {
  if (value === undefined) return fc.constant([`--${name}`]);
  const values = choices === undefined ? fc.constantFrom("1", "5m", "a", "/x") : fc.constantFrom(...choices);
  return fc.oneof(
    values.map((text) => [`--${name}=${text}`]),
    values.map((text) => [`--${name}`, text]),
  );
}

/** What a verb's table permits, every second time with a word more in any place. */
function likelyArguments(verb: Verb): fc.Arbitrary<string[]> {
  const options = verb.groups.flatMap((group) => group.options).map(optionOf);
  const { min, max } = verb.operands;
  const operands = fc.array(fc.constantFrom("s3://b/k", "file", "a b"), { minLength: min, maxLength: max });
  const command = verb.takesCommand ? ["--", "true"] : [];
  return fc
    .record({
      given: fc.array(fc.oneof(...options), { maxLength: 3 }),
      operands,
      more: fc.option(fc.tuple(fc.nat(), argument)),
    })
    .map(({ given, operands: names, more }) => {
      const words = [...given.flat(), ...names, ...command];
      if (more !== null) words.splice(more[0] % (words.length + 1), 0, more[1]);
      return words;
    });
}

/** A verb, and what could follow it: half of the time nothing but noise. */
export const verbAndArguments: fc.Arbitrary<[Verb, string[]]> = fc
  .constantFrom(...ALL_VERBS)
  .chain((verb) => fc.tuple(fc.constant(verb), fc.oneof(randomArguments, likelyArguments(verb))));

/** A whole command line. */
export const commandLines: fc.Arbitrary<string[]> = fc.oneof(
  randomArguments,
  verbAndArguments.map(([verb, args]) => [verb.name, ...args]),
);
