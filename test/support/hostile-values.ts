import fc from "fast-check";

/** What shells obey, alone and in the company they like. */
const TRIGGERS = [
  "'",
  '"',
  "`",
  "$",
  "\\",
  "!",
  "\n",
  "\r",
  "\r\n",
  "\t",
  " ",
  ";",
  "&",
  "|",
  "<",
  ">",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "*",
  "?",
  "~",
  "#",
  "%",
  "^",
  "=",
  "-",
  "--",
  "$(touch /tmp/owned)",
  "`id`",
  "${IFS}",
  "$HOME",
  "%PATH%",
  "!!",
  "\\'",
  "'\\''",
  "''",
  "$'\\n'",
  "\u2018",
  "\u2019",
  "\u201a",
  "\u201b",
  "\u201c",
  "\u007f",
  "\u0001",
  "\u001b[31m",
  "é",
  "日本",
  "😀",
  "\\n",
  "\\0",
  "\\\\",
  "%s",
  "EOF",
  "@(1)",
  "=ls",
  ":~",
];

/** A value as the endpoint could send one if it were hostile: every character but NUL, mostly those that shells obey. */
export const hostileValue: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...TRIGGERS) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)) },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }) },
    ),
    { minLength: 0, maxLength: 24 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));

/** `count` of them, the same for the same seed. */
export function hostileValues(count: number, seed: number): string[] {
  return fc.sample(hostileValue, { numRuns: count, seed });
}
