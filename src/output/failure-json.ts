import type { Failure } from "../failure.js";
import { concealed } from "./concealed.js";
import { printableJson } from "./printable.js";

type Told = Pick<Failure, "id" | "message" | "hint">;

/** A failure as `--json` shows it. */
export function failureFields({ id, message, hint }: Told): object {
  return { id, message, hint };
}

/**
 * A failure that ended the whole command, as lines of JSON.
 *
 * @param events of a verb that prints events: one, and the summary of nothing done, which is always the last
 */
export function failureLines(failure: Told, events: boolean): string {
  const error = failureFields(failure);
  const objects = events
    ? [
        { event: "error", error },
        { event: "summary", done: 0, failed: 0, skipped: 0, warnings: 0 },
      ]
    : [{ error }];
  return concealed(objects.map((each) => `${printableJson(each)}\n`).join(""));
}
