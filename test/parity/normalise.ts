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

/** Standard output as compared: names replaced, progress dropped, dates of listings replaced, sorted save for `ls`. */
export function normaliseOutput(text: string, names: Names, keepOrder: boolean): string[] {
  const lines = rename(text, names)
    .split("\n")
    .map(withoutProgress)
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, "DATE"))
    .filter((line) => line !== "");
  return keepOrder ? lines : lines.sort();
}

/** What the AWS CLI says when it gives up without naming a source or a destination; we name both. */
export const FATAL = "fatal error";

/**
 * Standard error as compared: what failed or was skipped. The sentence after the paths is each program's own (ours
 * has S3's code and message and a hint), and so is the usage text.
 */
export function normaliseErrors(text: string, names: Names): string[] {
  const lines = rename(text, names).split("\n").map(withoutProgress);
  return lines
    .map((line) => {
      const failed = /^(?:upload|download|copy|delete) failed: .+? to \S+|^delete failed: \S+/.exec(line);
      if (failed !== null) return failed[0];
      const skipped = /^warning: (?:Skipping file|skipping file) (.+?)\. /.exec(line);
      if (skipped !== null) return `warning: ${skipped[1]?.replace(/\/$/, "")}`;
      if (line.startsWith("fatal error: ")) return FATAL;
      return "";
    })
    .filter((line) => line !== "")
    .sort();
}
