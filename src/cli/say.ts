import type { Context } from "../context.js";
import type { Failure } from "../failure.js";
import { errorAnnotation } from "../output/annotation.js";
import { painter } from "../output/color.js";
import { concealed } from "../output/concealed.js";
import type { Notice } from "../output/notice.js";
import { withOwnPath } from "../output/own-path.js";
import { printable } from "../output/printable.js";

/** Safe to show, whoever wrote it. */
function shown(text: string): string {
  return printable(concealed(text));
}

/** One line on stderr that is no error: `fetch-creds: …`. */
export function note({ message }: Notice, context: Context): void {
  context.stderr.write(`fetch-creds: ${shown(message)}\n`);
}

/** A failure as its user reads it: one line, the fix below it, and an annotation for GitHub Actions. */
export function sayFailure(failure: Failure, context: Context): void {
  const paint = painter(context.stderr, context.env);
  const message = shown(failure.message);
  // A hint may be several lines: what to paste where.
  const hint = withOwnPath(failure.hint ?? "", context.scriptPath)
    .split("\n")
    .filter(Boolean)
    .map(shown);
  context.stderr.write(
    `${paint("red", "fetch-creds:")} ${message}\n${hint.map((line) => `  ${line}\n`).join("")}`,
  );
  if (context.env.GITHUB_ACTIONS === "true")
    context.stderr.write(errorAnnotation([message, ...hint].join("\n")));
  context.debug(`failure ${failure.id}: see docs/troubleshooting.md`);
  if (failure.cause !== undefined) context.debug(`cause: ${String(failure.cause)}`);
}

/** What is said of a bug of ours. */
export function bugLine(error: unknown): string {
  return `internal error: ${shown(error instanceof Error ? error.message : String(error))}`;
}

/** A bug of ours: one line to report; the stack is in `--debug`. */
export function sayBug(error: unknown, context: Context): void {
  const stack = error instanceof Error ? error.stack : undefined;
  const line = bugLine(error);
  context.stderr.write(`fetch-creds: ${line}\n  Please report it, with the output of --debug.\n`);
  if (context.env.GITHUB_ACTIONS === "true") context.stderr.write(errorAnnotation(line));
  for (const frame of stack?.split("\n").slice(1) ?? []) context.debug(frame.trim());
}
