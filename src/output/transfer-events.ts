import type { Failure } from "../failure.js";

/** What one line of a copy is about: the AWS CLI's words. */
export interface TransferNames {
  readonly operation: "download" | "upload" | "copy" | "delete";
  readonly source: string;
  readonly destination?: string;
}

/** How far all transfers together are. */
export interface TransferState {
  readonly bytes: number;
  /** Bytes known of so far. */
  readonly expectedBytes: number;
  /** Done, or left alone. */
  readonly files: number;
  readonly failed: number;
  readonly expectedFiles: number;
  /** False while the source is still being listed. */
  readonly final: boolean;
}

/** How a whole command ended. */
export interface TransferTotals {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly warnings: number;
  /** That have ended, in a dry run as if they were done. */
  readonly transfers: number;
  /** That failed. */
  readonly first?: { readonly transfer: TransferNames; readonly failure: Failure } | undefined;
}

/** Everything that a copy has to say. */
export type TransferEvent =
  | {
      readonly event: "done" | "dryrun";
      readonly transfer: TransferNames;
      /** Bytes, where known. */
      readonly size?: number | undefined;
    }
  | { readonly event: "failed"; readonly transfer: TransferNames; readonly failure: Failure }
  /** What ended the whole command before all was done: the source cannot be listed, say. */
  | { readonly event: "error"; readonly failure: Failure }
  /** Left alone because `--no-overwrite`, `--if-size-differ` or `--if-source-newer` said so. */
  | { readonly event: "skipped"; readonly transfer: TransferNames; readonly reason: string }
  /** Done, but there was no checksum to verify it with. */
  | { readonly event: "unverified"; readonly transfer: TransferNames; readonly reason: string }
  | { readonly event: "warning"; readonly id: string; readonly message: string }
  /** Nothing is wrong, but something was not as the command line has it. */
  | { readonly event: "note"; readonly id: string; readonly message: string }
  /** A signal has ended it: what is under way is in no total. */
  | ({ readonly event: "interrupted" } & TransferTotals)
  | ({ readonly event: "progress" } & TransferState)
  | ({ readonly event: "summary" } & TransferTotals);

/** Where events go: lines, JSON, or only the bad news. */
export interface TransferReporter {
  say(event: TransferEvent): void;
  /** Hands over what is held back. */
  flush(): void;
}
