import type { Context } from "../context.js";
import { errorAnnotation } from "./annotation.js";
import { painter } from "./color.js";
import { concealed } from "./concealed.js";
import { failedTransfers, named } from "./failed-transfers.js";
import { LineBuffer } from "./line-buffer.js";
import { moreFailures, notVerified } from "./notices.js";
import { printable } from "./printable.js";
import type { TransferEvent, TransferReporter, TransferTotals } from "./transfer-events.js";

/** Failures shown one by one; the rest are counted. `--json` has all. */
const SHOWN_FAILURES = 10;

export type Loudness = "all" | "errors" | "nothing";

/** Events as the AWS CLI's lines: what was done on stdout, what went wrong on stderr. */
export class TransferLines implements TransferReporter {
  readonly #context: Context;
  readonly #loudness: Loudness;
  readonly #out: LineBuffer;
  readonly #err: LineBuffer;
  #failures = 0;
  /** That there was one; `--json` has all. */
  #unverified = false;

  /** @param clear takes a progress line off the terminal before anything is written */
  constructor(context: Context, loudness: Loudness, clear: () => void) {
    this.#context = context;
    this.#loudness = loudness;
    const cleared = <T>(stream: T): T => {
      clear();
      return stream;
    };
    this.#out = new LineBuffer(() => cleared(context.stdout));
    this.#err = new LineBuffer(() => cleared(context.stderr));
  }

  say(event: TransferEvent): void {
    if (this.#loudness === "nothing") return;
    switch (event.event) {
      case "done":
        if (this.#loudness === "all") this.#out.line(named(event.transfer));
        break;
      case "dryrun":
        // Also with --only-show-errors, and of a stream, as by the AWS CLI: nothing else tells what would be done.
        this.#out.line(`(dryrun) ${named(event.transfer)}`);
        break;
      case "failed":
        if (++this.#failures <= SHOWN_FAILURES) this.#failure(event);
        break;
      case "warning":
        this.#err.line(concealed(`warning: ${printable(event.message)}`));
        break;
      case "unverified":
        this.#notVerified(event);
        break;
      case "summary":
      case "interrupted":
        this.#totals(event);
        break;
      default:
        break;
    }
  }

  flush(): void {
    this.#out.flush();
    this.#err.flush();
  }

  /** The last of all: below what was done. */
  #totals(totals: TransferTotals): void {
    this.#out.flush();
    const more = totals.failed - SHOWN_FAILURES;
    if (more > 0) this.#err.line(moreFailures(more).message);
    const last = failedTransfers(totals);
    if (last !== undefined) this.#err.line(last.message);
  }

  #notVerified({ transfer, reason }: Extract<TransferEvent, { event: "unverified" }>): void {
    const { message } = notVerified(transfer.source, reason);
    if (!this.#unverified) this.#err.line(concealed(`note: ${printable(message)}`));
    this.#unverified = true;
  }

  #failure({ transfer, failure }: Extract<TransferEvent, { event: "failed" }>): void {
    // What was done before stands above it.
    this.#out.flush();
    const paint = painter(this.#context.stderr, this.#context.env);
    const names = named(transfer, " failed");
    const rest = concealed(printable(failure.message));
    // A hint of several lines is one here.
    const words = failure.hint?.split("\n").join("; ");
    const hint = words === undefined ? undefined : concealed(printable(words));
    this.#err.line(`${paint("red", names)} ${rest}`);
    if (hint !== undefined) this.#err.line(`  ${hint}`);
    if (this.#context.env.GITHUB_ACTIONS === "true") {
      this.#err.line(errorAnnotation([`${names} ${rest}`, hint ?? []].flat().join("\n")).trimEnd());
    }
    this.#context.debug(`failure ${failure.id}: see docs/troubleshooting.md`);
    if (failure.cause !== undefined) this.#context.debug(`cause: ${String(failure.cause)}`);
  }
}
