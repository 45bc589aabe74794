/** The exit codes of the contract, after the AWS CLI v2 (docs/reference.md has the table). */
export const ExitCode = {
  ok: 0,
  /** A check did not hold, or a transfer failed. */
  failed: 1,
  /** Finished, but something was skipped with a warning. */
  warned: 2,
  notExecutable: 126,
  notFound: 127,
  /** 128 + SIGPIPE: the reader of our output had enough. */
  readerGone: 141,
  usage: 252,
  /** No credential source, or one that is unusable. */
  configuration: 253,
  /** The credential endpoint, STS, or S3 for `ls`, answered an error. */
  service: 254,
  /** No response, and anything else. */
  other: 255,
} as const;

export interface FailureDetails {
  /** One line for the user: what failed, where, with what answer. Never a secret. */
  readonly message: string;
  /** One line: the likely cause and the fix. */
  readonly hint?: string | undefined;
  readonly exitCode: number;
  readonly cause?: unknown;
}

/**
 * A failure that is the user's to read: one clear line, a hint, an exit code, no stack trace. Everything else that is
 * thrown is a bug of ours. `id` names its entry in docs/troubleshooting.md; the words live in the `failures.ts` of
 * each domain, so that every sentence we can say stands in a handful of files.
 */
export class Failure extends Error {
  readonly id: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  /** Whether a verb has printed it among the events of its `--json`. */
  told = false;

  constructor(id: string, details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.id = id;
    this.hint = details.hint;
    this.exitCode = details.exitCode;
  }
}

/** The command line is wrong (252). */
export function usageFailure(id: string, message: string, hint?: string, cause?: unknown): Failure {
  return new Failure(id, { message, hint, exitCode: ExitCode.usage, cause });
}
