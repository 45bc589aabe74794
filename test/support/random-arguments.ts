import fc from "fast-check";
import type { Verb } from "../../src/cli/verb.js";
import { MAIN_VERBS, S3_VERBS } from "../../src/cli/verbs.js";
import { verbs as s3Verbs } from "../../src/s3-side.js";

export const ALL_VERBS: readonly Verb[] = [...MAIN_VERBS, ...s3Verbs];

const NAMES = [...MAIN_VERBS, ...S3_VERBS].map(({ name }) => name);
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

export const randomArguments: fc.Arbitrary<string[]> = fc.array(argument, { maxLength: 12 });
