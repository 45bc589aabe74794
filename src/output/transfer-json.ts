import type { Context, Output } from "../context.js";
import { concealed } from "./concealed.js";
import { failedTransfers, firstFailure } from "./failed-transfers.js";
import { failureFields } from "./failure-json.js";
import { LineBuffer } from "./line-buffer.js";
import { printableJson } from "./printable.js";
import type { TransferEvent, TransferReporter, TransferTotals } from "./transfer-events.js";

/** Events as JSON, one object a line (docs/reference.md has the fields). Nothing is left out or shortened. */
export class TransferJson implements TransferReporter {
  readonly #lines: LineBuffer;
  readonly #stderr: Output | undefined;

  /**
   * @param toStderr when stdout carries an object
   * @param quiet says in no words on stderr that transfers failed
   */
  constructor(context: Context, toStderr: boolean, quiet = false) {
    this.#stderr = quiet ? undefined : context.stderr;
    this.#lines = new LineBuffer(() => (toStderr ? context.stderr : context.stdout));
  }

  say(event: TransferEvent): void {
    if (event.event !== "interrupted") this.#lines.line(concealed(printableJson(fields(event))));
    if (event.event === "summary" || event.event === "interrupted") this.#inWords(event);
  }

  /** The lines may go to a file, and who reads the log wants to know why the step failed. */
  #inWords(totals: TransferTotals): void {
    this.flush();
    const last = failedTransfers(totals);
    if (last !== undefined) this.#stderr?.write(`${last.message}\n`);
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
    case "summary":
      return { ...event, transfers: undefined, first: firstFailure(event) };
    default:
      return event;
  }
}
