/** Names that differ between the two runs of a line, and what stands for them in what is compared. */
export type Names = ReadonlyMap<string, string>;

function rename(text: string, names: Names): string {
  let renamed = text;
  for (const [name, stand] of names) renamed = renamed.replaceAll(name, stand);
  return renamed;
}

/** A line without the progress that the AWS CLI writes before it on the same line of the terminal. */
function withoutProgress(line: string): string {
  return line
    .replace(/(?:Completed|Calculating)[^\r]*\r/g, "")
    .replace(/^Completed .* (?:file\(s\)|part\(s\)) .*?remaining\)?(?: \(calculating\.\.\.\))?/, "")
    .replace(/\r/g, "")
    .trimEnd();
}

/** Last-Modified of each object, ms since the epoch, by key. */
export type ObjectTimes = ReadonlyMap<string, number>;

/** A line of a listing: date, size, name. */
const LISTED = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) +\S+(?: (?:Bytes?|[KMGTP]iB))? (.*)$/;

/** `DATE` in the place of the right one, which is the object's Last-Modified in UTC; another one stays. */
function withoutDate(line: string, times: ObjectTimes): string {
  const [, date, name] = LISTED.exec(line) ?? [];
  if (date === undefined || name === undefined) return line;
  const named = [...times].filter(([key]) => key.endsWith(name));
  // A name can be shown escaped.
  const [...right] = named.length > 0 ? named : times;
  const isRight = right.some(([, ms]) => new Date(ms).toISOString().slice(0, 19).replace("T", " ") === date);
  return isRight ? line.replace(date, "DATE") : line;
}

/**
 * Standard output as compared: names replaced, progress dropped, right dates of listings replaced, sorted save for `ls`.
 */
export function normaliseOutput(
  text: string,
  names: Names,
  times: ObjectTimes,
  keepOrder: boolean,
): string[] {
  const lines = rename(text, names)
    .split("\n")
    .map(withoutProgress)
    .map((line) => withoutDate(line, times))
    .filter((line) => line !== "");
  return keepOrder ? lines : lines.sort();
}

/** What the AWS CLI says when it gives up without naming a source or a destination; we name both. */
export const FATAL = "fatal error";

/** What Python's libraries say by themselves. */
const LIBRARY = /InsecureRequestWarning|^ {2}warnings\.warn\(/;

/** What the AWS CLI 2.36 writes before a sentence about the command line. */
const HEADS = /^aws: \[ERROR\]: (?:An error occurred \(ParamValidation\): )?/;

/** The lines of standard error: names replaced, progress and heads dropped. */
export function errorLines(text: string, names: Names): string[] {
  return rename(text, names)
    .split("\n")
    .map(withoutProgress)
    .map((line) => line.replace(HEADS, ""))
    .filter((line) => line !== "" && !LIBRARY.test(line));
}

/**
 * Standard error as compared: what failed, and what was skipped for which reason. The sentence after a failed transfer
 * is each program's own (errors.ts compares those), and so is where a warning says to look for more.
 */
export function normaliseErrors(lines: readonly string[]): string[] {
  return lines
    .map((line) => {
      const failed = /^(?:upload|download|copy|delete) failed: .+? to \S+|^delete failed: \S+/.exec(line);
      if (failed !== null) return failed[0];
      const skipped = /^warning: (?:Skipping file|skipping file) (.+?)\. (.*?)(?: See .*)?$/.exec(line);
      if (skipped !== null) return `warning: ${skipped[1]}: ${skipped[2]}`;
      if (line.startsWith("fatal error: ")) return FATAL;
      const clash = /^warning: (Skipping|Downloading) \S*?([^/ ]+) -> .* name differs only by case/.exec(
        line,
      );
      if (clash !== null) return `warning: ${clash[1]} ${clash[2]}: another case`;
      return "";
    })
    .filter((line) => line !== "")
    .sort();
}
