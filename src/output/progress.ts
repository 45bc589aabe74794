import type { Context, Output } from "../context.js";
import { sayDuration } from "./duration.js";
import { humanSize } from "./human-size.js";
import type { TransferState } from "./transfer-events.js";

/** Shows how far a copy is. */
export interface Progress {
  /** Told whenever something moved; shows it when it is time. */
  moved(state: TransferState): void;
  /** Takes what stands on the terminal away, so that a line can be written there. */
  clear(): void;
}

export const NO_PROGRESS: Progress = { moved: () => undefined, clear: () => undefined };

/** Nothing is said of what takes less. */
const QUIET_MS = 2000;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;
/** Before so much of the bytes has moved, the time left would be a guess: a first response that is late makes it hours. */
const ENOUGH_TO_ESTIMATE = 0.01;

/** What goes first where not all has room; the bytes stay. */
const DROPPED_FIRST = ["rate", "files", "left", "failed"] as const;

/** What a line says; what is not known yet is left out. */
interface Fields {
  readonly bytes: string;
  files?: string | undefined;
  failed?: string | undefined;
  rate?: string | undefined;
  left?: string | undefined;
}

/** In the order in which they stand. */
function fieldsOf(state: TransferState, elapsedMs: number): Fields {
  const rate = elapsedMs > 0 ? (state.bytes / elapsedMs) * 1000 : 0;
  const more = state.final ? "" : "~";
  const expectedBytes = Math.max(state.expectedBytes, state.bytes);
  // What failed before it was planned was one as well.
  const expectedFiles = Math.max(state.expectedFiles, state.files + state.failed);
  const left = expectedBytes - state.bytes;
  const known = left > 0 && rate > 0 && state.bytes >= expectedBytes * ENOUGH_TO_ESTIMATE;
  return {
    bytes: `${humanSize(state.bytes)} of ${more}${humanSize(expectedBytes)}`,
    files: `${state.files} of ${more}${expectedFiles} ${expectedFiles === 1 ? "file" : "files"}`,
    failed: state.failed > 0 ? `${state.failed} failed` : undefined,
    rate: `${humanSize(Math.round(rate))}/s`,
    left: known ? `${sayDuration(Math.max(1, left / rate) * 1000)} left` : undefined,
  };
}

/**
 * `1.2 GiB of 3.4 GiB, 12 of 30 files, 1 failed, 102.3 MiB/s, 21 s left`; whole fields are left out until it fits, and none
 * is cut: half a number is another number.
 *
 * @param columns how long it may be
 */
export function progressText(
  state: TransferState,
  elapsedMs: number,
  columns = Number.POSITIVE_INFINITY,
): string {
  const fields = fieldsOf(state, elapsedMs);
  const text = () =>
    Object.values(fields)
      .filter((field) => field !== undefined)
      .join(", ");
  for (const name of DROPPED_FIRST) if (text().length > columns) delete fields[name];
  if (text().length <= columns) return text();
  const moved = humanSize(state.bytes);
  return moved.length <= columns ? moved : "";
}

/** A terminal that nobody has sized has 0 columns; one that is full would break the line. */
const roomOn = (terminal: Output) => (terminal.columns || 80) - 1;

/** One line that is written over and over. */
class TerminalProgress implements Progress {
  readonly #stream: Output;
  readonly #now: () => number;
  readonly #start: number;
  readonly #interval: number;
  #last = 0;
  #shown = false;

  constructor(stream: Output, now: () => number, interval: number) {
    this.#stream = stream;
    this.#now = now;
    this.#start = now();
    this.#interval = interval;
  }

  moved(state: TransferState): void {
    const now = this.#now();
    if (now - this.#last < this.#interval || now - this.#start < TERMINAL_INTERVAL_MS * 2) return;
    this.#last = now;
    this.#shown = true;
    const text = progressText(state, now - this.#start, roomOn(this.#stream));
    this.#stream.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[K");
    this.#shown = false;
    // The next line comes when nothing is printed for a while, not between any two lines.
    this.#last = this.#now();
  }
}

/** A whole line now and then, handed to `write`: a build log, or JSON events. */
class LogProgress implements Progress {
  readonly #write: (state: TransferState, elapsedMs: number) => void;
  readonly #now: () => number;
  readonly #start: number;
  readonly #interval: number;
  #next: number;

  constructor(
    now: () => number,
    interval: number | undefined,
    write: (state: TransferState, elapsedMs: number) => void,
  ) {
    this.#write = write;
    this.#now = now;
    this.#start = now();
    this.#interval = interval || LOG_INTERVAL_MS;
    this.#next = this.#start + (interval || QUIET_MS);
  }

  moved(state: TransferState): void {
    const now = this.#now();
    if (now < this.#next) return;
    this.#next = now + this.#interval;
    this.#write(state, now - this.#start);
  }

  clear(): void {}
}

/** How progress is shown. */
export interface Showing {
  /** `--progress-frequency`: milliseconds between two updates; 0 or undefined: as is usual for the place. */
  readonly interval?: number | undefined;
  /** `--progress-multiline`: lines on a terminal, too. */
  readonly inLines?: boolean;
}

/** For people: on a terminal one line that changes, in a log a plain line every few seconds. Written to stderr. */
export function progressFor(context: Context, { interval, inLines = false }: Showing = {}): Progress {
  const { stderr, now } = context;
  if (!inLines && stderr.isTTY === true && context.env.TERM !== "dumb")
    return new TerminalProgress(stderr, now, interval || TERMINAL_INTERVAL_MS);
  return new LogProgress(now, interval, (state, elapsedMs) => {
    const room = stderr.isTTY === true ? roomOn(stderr) : undefined;
    stderr.write(`${progressText(state, elapsedMs, room)}\n`);
  });
}

/** For programs: an event every few seconds. */
export function progressEvents(
  now: () => number,
  { interval }: Showing,
  say: (state: TransferState) => void,
): Progress {
  return new LogProgress(now, interval, say);
}
