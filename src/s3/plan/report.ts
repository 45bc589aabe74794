import { ExitCode, type Failure } from "../../failure.js";
import { anyFailure } from "../../output/any-failure.js";
import type { Notice, SkipReason } from "../../output/notice.js";
import type { Progress } from "../../output/progress.js";
import type {
  TransferNames,
  TransferReporter,
  TransferState,
  TransferTotals,
} from "../../output/transfer-events.js";
import { localFailure } from "../local-failures.js";
import { skipping } from "./notices.js";

/** Counts what happens in a copy, and passes it on to the reporter and to progress. */
export class Report {
  readonly #reporter: TransferReporter;
  readonly #progress: Progress;
  readonly #state: { -readonly [K in keyof TransferState]: TransferState[K] } = {
    bytes: 0,
    expectedBytes: 0,
    files: 0,
    failed: 0,
    expectedFiles: 0,
    final: false,
  };
  #done = 0;
  #first: TransferTotals["first"];
  /** By a dry run. */
  #shown = 0;
  #skipped = 0;
  #warnings = 0;
  #isWarned = false;
  #silent = false;

  constructor(reporter: TransferReporter, progress: Progress) {
    this.#reporter = reporter;
    this.#progress = progress;
  }

  /** Transfers that have failed so far. */
  get failures(): number {
    return this.#state.failed;
  }

  /** A transfer of `size` bytes (unknown: 0) has been planned. */
  expect(size: number): void {
    this.#state.expectedFiles++;
    this.#state.expectedBytes += size;
  }

  /** The size of a transfer that was not known when it was planned. */
  grow(size: number): void {
    this.#state.expectedBytes += size;
  }

  /** All that will be done is planned: the totals are final. */
  planned(): void {
    this.#state.final = true;
  }

  /** The listener for the bytes of transfers: one for all of them. */
  readonly onBytes = (bytes: number): void => {
    this.#state.bytes += bytes;
    this.#moved();
  };

  done(transfer: TransferNames, size?: number): void {
    this.#done++;
    this.#ended();
    if (!this.#silent) this.#reporter.say({ event: "done", transfer, size });
  }

  /** Only shown: nothing was done. */
  dryRun(transfer: TransferNames, size?: number): void {
    this.#shown++;
    this.#reporter.say({ event: "dryrun", transfer, size });
  }

  /** @param path the local file, for an error of the system's */
  failed(transfer: TransferNames, error: unknown, path = ""): void {
    const translated = localFailure(transfer.operation === "upload" ? "read" : "write", path, error);
    const failure = anyFailure(translated);
    this.#first ??= { transfer, failure };
    this.#state.failed++;
    this.#moved();
    if (!this.#silent) this.#reporter.say({ event: "failed", transfer, failure });
  }

  /** The whole command ends here; its caller says so to a person. */
  stopped(failure: Failure): void {
    if (!this.#silent) this.#reporter.say({ event: "error", failure });
    failure.told = true;
  }

  skipped(transfer: TransferNames, reason: string): void {
    this.#skipped++;
    this.#ended();
    this.#reporter.say({ event: "skipped", transfer, reason });
  }

  /** Something is not done, or not as it should be: exit code 2. */
  warned(notice: Notice): void {
    this.#isWarned = true;
    this.warnedAsAsked(notice);
  }

  /** A warning of what an option of the command line has chosen: the exit code stays as it is. */
  warnedAsAsked({ id, message }: Notice): void {
    this.#warnings++;
    if (!this.#silent) this.#reporter.say({ event: "warning", id, message });
  }

  /** Done, without a checksum to verify it with. */
  unverified(transfer: TransferNames, reason: string): void {
    if (!this.#silent) this.#reporter.say({ event: "unverified", transfer, reason });
  }

  /** Something is not as the command line has it, and nothing is wrong. */
  noted({ id, message }: Notice): void {
    this.#reporter.say({ event: "note", id, message });
  }

  /** A file or an object is left out. */
  skippedFile(name: string, reason: SkipReason): void {
    this.warned(skipping(name, reason));
  }

  /** Nothing more is shown: a signal has come. */
  silence(): void {
    this.#progress.clear();
    this.#reporter.say({ event: "interrupted", ...this.#totals });
    this.#reporter.flush();
    this.#silent = true;
  }

  /** @returns the exit code of it all */
  finish(): number {
    this.#progress.clear();
    if (!this.#silent) this.#reporter.say({ event: "summary", ...this.#totals });
    this.#reporter.flush();
    if (this.failures > 0) return ExitCode.failed;
    return this.#isWarned ? ExitCode.warned : ExitCode.ok;
  }

  get #totals(): TransferTotals {
    return {
      done: this.#done,
      failed: this.failures,
      skipped: this.#skipped,
      warnings: this.#warnings,
      transfers: this.#done + this.#shown + this.failures,
      first: this.#first,
    };
  }

  #ended(): void {
    this.#state.files++;
    this.#moved();
  }

  #moved(): void {
    if (!this.#silent) this.#progress.moved(this.#state);
  }
}
