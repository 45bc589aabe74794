import { describe } from "vitest";
import { eachShellSees } from "../support/shell-values.js";

/** Every byte a value can hold, one by one and between quotes of each kind. */
const singles = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).flatMap(
  (character) => [character, `'${character}'`, `"${character}`, `\\${character}`],
);

/** 100,000 in a long run. A few hundred are tried in test/property/formats. */
const COUNT = Number(process.env.QUOTING_VALUES ?? 20_000);
const SEED = Number(process.env.QUOTING_SEED ?? Date.now() % 1_000_000);

describe(`${COUNT} hostile values, seed ${SEED}`, () => eachShellSees(COUNT, SEED, singles));
