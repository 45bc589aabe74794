import type { Readable, Writable } from "node:stream";

/** An output stream as we use it: a Writable that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type Environment = Readonly<Record<string, string | undefined>>;

/** execve(2), with argv[0] the first of `args`. */
export type ReplaceProcess = (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => never;

/**
 * Everything a command takes from the world, gathered once at the rim (src/main.ts) and handed down: no module below
 * reads `process` itself, so that tests give their own clock, randomness and streams.
 */
export interface Context {
  readonly env: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Writes a whole response to standard output. What comes piece by piece goes to `stdout`. */
  readonly print: (response: string | Buffer) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number in [0, 1), for jitter and temporary names; nothing secret depends on it. */
  readonly random: () => number;
  /** Resolves after `ms` milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Where BuildKit puts its secrets: `/run/secrets`. */
  readonly secretsFolder: string;
  /** Calls `handler` at these signals (all that end a process, see src/process-context.ts); the returned function takes it back. */
  readonly onSignal: (
    handler: (signal: NodeJS.Signals) => void,
    signals?: readonly NodeJS.Signals[],
  ) => () => void;
  /** Calls `last`, which may not wait, when this process exits by itself; the returned function takes it back. */
  readonly atExit: (last: () => void) => () => void;
  /** Stops this process, as SIGSTOP does, until SIGCONT. */
  readonly suspend: () => void;
  /** Makes the three standard streams blocking, for a program that shares them: Node's own pipes are not. */
  readonly makeStreamsBlock: () => void;
  /** One step for `--debug`, written to stderr with the time gone by; secrets concealed; nothing without the option. */
  readonly debug: (step: string) => void;
  /** Whether `debug` does anything. */
  readonly debugging: boolean;
  /** The path of the running file, for `--version`. */
  readonly scriptPath: string;
  /** `v20.19.0` */
  readonly nodeVersion: string;
  /** Our process id. */
  readonly pid: number;
  /** Sends a signal to the process group of that id, if there is one. */
  readonly signalGroup: (id: number, signal: NodeJS.Signals) => void;
  /** Whether a process of this id runs. */
  readonly isRunning: (pid: number) => boolean;
  /** Our user id; undefined where there are none (Windows). */
  readonly uid?: number | undefined;
  /** Becomes another program; absent where this Node or system cannot. Aborts if the kernel refuses the file. */
  readonly replaceProcess?: ReplaceProcess | undefined;
}
