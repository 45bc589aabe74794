import type { Failure } from "../failure.js";
import { concealed } from "./concealed.js";

/** A failure as `--json` shows it. */
export function failureFields({ id, message, hint }: Pick<Failure, "id" | "message" | "hint">): object {
  return { id, message, hint };
}

/** A failure that ended the whole command, of a verb that prints one object: `{"error":{"id":…}}`. */
export function failureObject(failure: Pick<Failure, "id" | "message" | "hint">): string {
  return concealed(`${JSON.stringify({ error: failureFields(failure) })}\n`);
}

/** The same of a verb that prints events: one event, and the summary of nothing done, which is always the last. */
export function failureEvents(failure: Pick<Failure, "id" | "message" | "hint">): string {
  const nothing = { done: 0, failed: 0, skipped: 0, warnings: 0 };
  const events = [
    { event: "error", error: failureFields(failure) },
    { event: "summary", ...nothing },
  ];
  return concealed(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}
