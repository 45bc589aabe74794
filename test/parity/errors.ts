import { constants } from "node:os";
import type { Outcome } from "./bed/stage.js";
import { normaliseErrors } from "./normalise.js";

/** What ours must say: these words, or what fits. */
type Counterpart = string | RegExp;

/** The codes that S3 has for the statuses of a HEAD, whose answer has no body to name one. */
const CODES: Readonly<Record<string, string>> = {
  "400": "InvalidArgument",
  "403": "AccessDenied",
  "404": "NoSuchKey|NoSuchBucket",
};

function errnoName(number: string): string {
  const found = Object.entries(constants.errno).find(([, value]) => value === Number(number));
  return found?.[0] ?? `errno ${number}`;
}

/** What the AWS CLI says, and what ours must say for the same. The first that fits a line counts. */
const COUNTERPARTS: readonly (readonly [aws: RegExp, ours: (found: RegExpExecArray) => Counterpart])[] = [
  [
    /An error occurred \((\d+)\) when calling the HeadObject operation/,
    ([, status = ""]) =>
      new RegExp(`An error occurred \\((?:${CODES[status]})\\) when calling the \\w+ operation: \\S`),
  ],
  // What it makes of Ceph's errors, which have no message, where several requests fail at once.
  [
    /(An error occurred) \((\w+)\) (when calling the \w+ operation): None$/,
    ([, head, code, operation]) => new RegExp(`${head} \\(${code}\\) ${operation}: \\S`),
  ],
  [/An error occurred \(\w+\) when calling the \w+ operation: .*/, ([sentence]) => sentence],
  // The AWS CLI stumbles over the error bodies of Ceph.
  [
    /argument of type 'NoneType' is not a container or iterable/,
    () => /An error occurred \([A-Z]\w+\) when calling the \w+ operation: \S/,
  ],
  [/\[Errno (\d+)\]/, ([, number = ""]) => errnoName(number)],
  [/Could not connect to the endpoint URL/, () => "ECONNREFUSED"],
  [/certificate verify failed: self-signed certificate/, () => "self-signed certificate"],
  [/^The user-provided path .* does not exist\.$/, ([sentence]) => sentence],
  [/^If --\S+ is specified, --\S+ must be specified as well\.$/, ([sentence]) => sentence],
  [/^Unknown options: (\S+)/, ([, word = ""]) => `'${word}'`],
  [/argument (--[\w-]+): expected one argument/, ([, option = ""]) => option],
  [
    /argument (--[\w-]+): Found invalid choice/,
    ([, option = ""]) => new RegExp(`${option} cannot be|does not take`),
  ],
  [/argument subcommand: Found invalid choice/, () => "there is no command"],
  [/^Error parsing parameter '(--[\w-]+)'/, ([, option = ""]) => option],
  [/the following arguments are required/, () => / needs /],
  [/^Error: Invalid argument type$/, () => /neither side is an S3 URI|works with a single object only/],
  [
    /^Expected \S+ parameter to be used with one of following path formats: [^.]+\./,
    ([sentence]) => sentence,
  ],
  [/^\S+ parameter is not supported for streaming downloads$/, ([sentence]) => sentence],
  [/directory bucket/, () => "is a directory bucket"],
  [/^Streaming currently is only compatible/, () => "works with a single object only"],
  [/^fatal error: Failed to download .* differs only by case/, () => "name differs only by case"],
  [/^Bad value for --endpoint-url "(\S+)"/, ([, word = ""]) => word],
];

/** A line that tells of an error, by its beginning. */
const TELLS = /^(?:(?:upload|download|copy|delete) failed|fatal error|Unknown options|Error\b|aws: error)/;

/** What of a failed transfer's line both programs write. */
function headOf(line: string): string {
  return /^(?:upload|download|copy|delete) failed: .+? to \S+|^delete failed: \S+/.exec(line)?.[0] ?? "";
}

function counterpartOf(line: string): Counterpart | undefined {
  for (const [pattern, counterpart] of COUNTERPARTS) {
    const found = pattern.exec(line);
    if (found !== null) return counterpart(found);
  }
  return undefined;
}

function fits(text: string, wanted: Counterpart): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}

/**
 * What our standard error lacks of what the AWS CLI's says, for a run of ours that failed: by line, S3's code and
 * sentence, the system's error, the option or the word that is wrong.
 */
function lacking(aws: Outcome, ours: Outcome): string[] {
  const lines = ours.errorLines;
  const lacks: string[] = [];
  let held = 0;
  for (const line of aws.errorLines) {
    const wanted = counterpartOf(line);
    if (wanted !== undefined) {
      const where = lines.filter((one) => one.startsWith(headOf(line))).join("\n");
      held++;
      if (!fits(where, wanted)) lacks.push(`${wanted}, for: ${line}`);
    } else if (TELLS.test(line)) lacks.push(`a counterpart in this test for: ${line}`);
  }
  const others = aws.errorLines.filter((line) => !line.startsWith("warning: "));
  if (held === 0 && others.length > 0) lacks.push(`a counterpart in this test for: ${others.join("\n")}`);
  return lacks;
}

/** A line that changes nothing, where the AWS CLI says none. */
const NOTE = /^note: |^fetch-creds: s3:\/\/\S+ is empty$/;

/** How each line of ours begins; one with what to do is indented below its error. */
const OURS =
  /^(?:fetch-creds: |(?:upload|download|copy|delete) failed: |\d+ of \d+ transfers failed, |warning: |note: | {2}\S)/;

/** What is on our standard error and is none of our lines: what prints all that it knows says nothing. */
export function strangeLines({ errorLines }: Outcome): string[] {
  return errorLines.filter((line) => !OURS.test(line));
}

/** What is wrong with our standard error beside the AWS CLI's; where ours did not fail it has notes at the most. */
export function errorFaults(aws: Outcome, ours: Outcome): string[] {
  // Warnings that both have are compared with the rest of standard error.
  const isWarning = (line: string) => normaliseErrors([line]).length > 0;
  if (ours.run.code === 0) return ours.errorLines.filter((line) => !NOTE.test(line) && !isWarning(line));
  const isSilent = ours.errorLines.length === 0 && aws.errorLines.length > 0;
  return [...(isSilent ? ["nothing on standard error"] : []), ...lacking(aws, ours)];
}
