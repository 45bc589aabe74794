import type { Context } from "../context.js";
import type { Failure } from "../failure.js";
import { errorAnnotation } from "../output/annotation.js";
import { painter } from "../output/color.js";
import { concealed } from "../output/concealed.js";
import type { Notice } from "../output/notice.js";
import { withOwnPath } from "../output/own-path.js";
import { printable } from "../output/printable.js";
import { framesOf, systemError } from "../system-error.js";

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
  const { cause } = failure;
  if (cause !== undefined) context.debug(`cause: ${systemError(cause).message}`);
  if (failure.id === "internal-error") for (const frame of framesOf(cause)) context.debug(frame);
}
