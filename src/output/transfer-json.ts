import type { Context } from "../context.js";
import { concealed } from "./concealed.js";
import { failureFields } from "./failure-json.js";
import { LineBuffer } from "./line-buffer.js";
import { printableJson } from "./printable.js";
import type { TransferEvent, TransferVoice } from "./transfer-events.js";

/** Events as JSON, one object a line (docs/reference.md has the fields). Nothing is left out or shortened. */
export class TransferJson implements TransferVoice {
  readonly #lines: LineBuffer;

  /** @param toStderr when stdout carries an object */
  constructor(context: Context, toStderr: boolean) {
    this.#lines = new LineBuffer(() => (toStderr ? context.stderr : context.stdout));
  }

  say(event: TransferEvent): void {
    this.#lines.line(concealed(printableJson(fields(event))));
  }

  flush(): void {
    this.#lines.flush();
  }
}

function fields(event: TransferEvent): object {
  switch (event.event) {
    case "done":
    case "dryrun":
      return { event: event.event, ...event.transfer, size: event.size };
    case "failed":
      return { event: "failed", ...event.transfer, error: failureFields(event.failure) };
    case "error":
      return { event: "error", error: failureFields(event.failure) };
    case "skipped":
    case "unverified":
      return { event: event.event, ...event.transfer, reason: event.reason };
    default:
      return event;
  }
}
