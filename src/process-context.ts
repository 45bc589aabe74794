import { constants, readFileSync, writeSync } from "node:fs";
import { sayFailure } from "./cli/say.js";
import type { Context, Output, ReplaceProcess } from "./context.js";
import { ExitCode } from "./failure.js";
import { outputLost } from "./output/surrounding-failures.js";

type SignalHandler = (signal: NodeJS.Signals) => void;

const STANDARD_OUTPUT = 1;

/** What Node itself was told: on its command line, and in NODE_OPTIONS. */
const NODE_OPTIONS = `${process.execArgv} ${process.env.NODE_OPTIONS}`;

/** SIGUSR1 is caught in any case, see refuseDebugger. */
const COMMON_SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"];

/**
 * The others that end a process which does not know them (signal(7)). Where a system has one of them not, the name is an
 * event that never comes. Not KILL, which nobody can catch, nor those of real time, which Node does not know; not PIPE and
 * XFSZ, which Node ignores; not ILL, BUS, FPE and SEGV, which a fault inside of Node raises: caught, the same instruction
 * would fail for ever. So it is with TRAP, save on x86, where the program is behind the instruction already.
 */
const OTHER_SIGNALS: readonly NodeJS.Signals[] = [
  "SIGQUIT",
  "SIGABRT",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGXCPU",
  "SIGIO",
  "SIGPWR",
  "SIGSYS",
  "SIGSTKFLT",
  ...(process.arch === "x64" ? (["SIGTRAP"] as const) : []),
];

/** Somebody else's: --report-on-signal listens to USR2, say, and V8's profiler takes samples at PROF. */
function isTaken(signal: NodeJS.Signals): boolean {
  const profiles = signal === "SIGPROF" && /--(?:cpu-)?prof|--inspect/.test(NODE_OPTIONS);
  return profiles || process.listenerCount(signal) > 0;
}

/** All that end us; a dozen listeners cost a start some 60 microseconds. */
const SIGNALS: readonly NodeJS.Signals[] = [
  ...COMMON_SIGNALS,
  ...OTHER_SIGNALS.filter((signal) => !isTaken(signal)),
];

/** How long a process that a signal ends waits for the readers of what it has written. */
const LAST_WORDS_MS = 200;

/** Looked up when a signal came: only then is node:os worth its time. */
const signalNumber = (signal: NodeJS.Signals) =>
  process.getBuiltinModule("node:os").constants.signals[signal];

/** Work of Node's thread pool, as process.getActiveResourcesInfo names it. */
const IN_POOL = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/** Node ignores these; a program that we become would inherit that. A listener makes the kernel reset them. */
const IGNORED_BY_NODE = ["SIGPIPE", "SIGXFSZ"] as const;

/**
 * The world as it is. The only place, with main.ts, that reads `process`. No #private names: a context made from this
 * one with Object.create (src/cli/debug.ts) could not reach them.
 */
export class ProcessContext implements Context {
  readonly env = process.env;
  readonly now = Date.now;
  readonly random = Math.random;
  readonly secretsFolder = "/run/secrets";
  /** Node finds `fetch-creds.js` under the name `fetch-creds`, too. */
  readonly scriptPath = process.mainModule?.filename ?? process.argv[1] ?? "";
  readonly nodeVersion = process.version;
  readonly pid = process.pid;
  readonly uid = process.getuid?.();
  readonly debug = () => undefined;
  readonly debugging = false;
  readonly replaceProcess = replaceProcess();
  private readonly opened = new Map<"stdout" | "stderr", Output>();
  private readonly handlers = new Map<SignalHandler, readonly NodeJS.Signals[]>();
  private received: NodeJS.Signals | undefined;

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** Opened when first asked for: opening standard input changes it for a child that shares it. */
  get stdin() {
    return process.stdin;
  }

  get stdout(): Output {
    return this.open("stdout", (error) => this.stdoutLost(error));
  }

  get stderr(): Output {
    // Nobody is left to be told.
    return this.open("stderr", () => undefined);
  }

  /** Straight to the system: Node's stream would cost a start more than the write. */
  readonly print = (response: string | Buffer): void => {
    let rest = Buffer.from(response);
    try {
      // A Windows console takes UTF-16, which the stream knows how to give.
      while (rest.length > 0 && process.platform !== "win32")
        rest = rest.subarray(writeSync(STANDARD_OUTPUT, rest));
    } catch (error) {
      // A pipe that someone made non-blocking is full: the stream waits for its reader.
      const failed = error as NodeJS.ErrnoException;
      if (failed.code !== "EAGAIN") {
        this.stdoutLost(failed);
        return;
      }
    }
    if (rest.length > 0) this.stdout.write(rest);
  };

  readonly onSignal = (
    handler: SignalHandler,
    signals: readonly NodeJS.Signals[] = SIGNALS,
  ): (() => void) => {
    this.handlers.set(handler, signals);
    for (const signal of signals) process.on(signal, handler);
    return () => {
      this.handlers.delete(handler);
      for (const signal of signals) process.off(signal, handler);
    };
  };

  readonly signalGroup = (id: number, signal: NodeJS.Signals): void => {
    try {
      process.kill(-id, signal);
    } catch {
      // It is gone.
    }
  };

  readonly atExit = (last: () => void): (() => void) => {
    process.on("exit", last);
    return () => process.off("exit", last);
  };

  readonly isRunning = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== "ESRCH";
    }
  };

  readonly suspend = (): void => void process.kill(process.pid, "SIGSTOP");

  readonly makeStreamsBlock = (): void => {
    const { isatty } = process.getBuiltinModule("node:tty");
    // Opened now, since Node opens it anyway when a socket is closed, which may be when the child has it already.
    if (!isatty(2)) setBlocking(process.stderr);
    if (isNonBlocking(1)) setBlocking(process.stdout);
    if (isNonBlocking(0)) setBlocking(process.stdin);
  };

  /**
   * From now on a signal that no verb takes (onSignal) ends the process: `last` is called, then it exits with 128 + the
   * signal's number. Process 1 of a container would not end by itself: the kernel keeps signals from it that it does not
   * listen to.
   */
  endAtSignal(last: () => void): void {
    const signalled = (signal: NodeJS.Signals) => {
      this.received = signal;
      if ([...this.handlers.values()].some((signals) => signals.includes(signal))) return;
      last();
      this.exit(128 + signalNumber(signal));
    };
    for (const signal of SIGNALS) process.on(signal, signalled);
  }

  /** Whether this exit code is the doing of a signal that came. */
  private isOfSignal(exitCode: number): boolean {
    return this.received !== undefined && exitCode === 128 + signalNumber(this.received);
  }

  /** Ends the process, when all that was written has been handed to the system: leaving cannot cut a response short. */
  async end(exitCode: number): Promise<void> {
    const streams = [...this.opened.values()].filter((stream) => !stream.destroyed);
    const flushed = Promise.all(
      streams.map((stream) => new Promise<void>((resolve) => stream.write("", () => resolve()))),
    );
    // A reader that does not read must not keep a process that was told to end.
    if (this.isOfSignal(exitCode)) {
      const late = this.sleep(LAST_WORDS_MS);
      await Promise.race([Promise.all([flushed, poolAtRest(late)]), late]);
    } else await flushed;
    this.exit(exitCode);
  }

  /**
   * process.exit waits for the threads of Node's pool, and one that looks a name up, or opens a fifo, may take for ever:
   * the signal itself, at its default, does not.
   */
  private exit(exitCode: number): never {
    const { received } = this;
    if (received !== undefined && this.isOfSignal(exitCode) && poolWorks()) {
      process.removeAllListeners(received);
      process.kill(process.pid, received);
    }
    return process.exit(exitCode);
  }

  private open(name: "stdout" | "stderr", onError: (error: NodeJS.ErrnoException) => void): Output {
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    const stream: Output = process[name];
    this.opened.set(name, stream);
    stream.on("error", onError);
    return stream;
  }

  /** A reader that went away ends us as SIGPIPE would: a verb in the middle of its work cleans up first. */
  private stdoutLost(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE") {
      sayFailure(outputLost(error), this);
      process.exit(ExitCode.other);
    }
    if (this.handlers.size === 0) process.exit(ExitCode.readerGone);
    for (const handler of this.handlers.keys()) handler("SIGPIPE");
  }
}

function poolWorks(): boolean {
  return process.getActiveResourcesInfo().some((name) => IN_POOL.test(name));
}

/** Until the pool has done what it was at, mostly a write to a file; what waits for somebody else takes longer than `late`. */
async function poolAtRest(late: Promise<void>): Promise<void> {
  let over = false;
  late.then(() => {
    over = true;
  });
  while (!over && poolWorks()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** When a debugger that was called before our first line may be ready, though not at once: on a busy machine, mostly. */
const DEBUGGER_CHECKS_MS = [5, 20, 100, 500];

/**
 * SIGUSR1 makes Node listen for a debugger, which could read the keys. A listener of ours takes its place: the signal then
 * ends this process, as it ends any program that does not know it. One that came before, while Node started, has its
 * debugger closed again. `--inspect` is obeyed: whoever gives it may see all.
 */
export function refuseDebugger(): void {
  const end = () => {
    // Somebody else listens: exec passes it on, cp cleans up.
    if (process.listenerCount("SIGUSR1") > 1) return;
    process.off("SIGUSR1", end);
    process.kill(process.pid, "SIGUSR1");
  };
  process.on("SIGUSR1", end);
  if (NODE_OPTIONS.includes("--inspect")) return;
  // What inspector.close() calls; the module itself would cost each start a millisecond.
  const close = (process as { _debugEnd?: () => void })._debugEnd;
  if (close === undefined) return;
  close();
  // Node has asked for it a second time, by an event of its loop.
  setImmediate(close);
  for (const delay of DEBUGGER_CHECKS_MS) setTimeout(close, delay).unref();
}

/** Whether a descriptor is; false where the system does not tell (no /proc). */
function isNonBlocking(descriptor: number): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1");
    return (Number.parseInt(/flags:\s*(\d+)/.exec(info)?.[1] ?? "0", 8) & constants.O_NONBLOCK) !== 0;
  } catch {
    return false;
  }
}

/** Node has no other way: the handle of a pipe, a socket or a terminal has one, a file needs none. */
function setBlocking(stream: unknown): void {
  (stream as { _handle?: { setBlocking?: (on: boolean) => void } })._handle?.setBlocking?.(true);
}

/** Node's execve, from 22.15 on, on POSIX. */
function replaceProcess(): ReplaceProcess | undefined {
  const { execve } = process as {
    execve?: (file: string, args: string[], env: Record<string, string>) => never;
  };
  if (execve === undefined || process.platform === "win32") return undefined;
  return (file, args, env) => {
    for (const signal of IGNORED_BY_NODE) process.on(signal, () => undefined);
    return execve.call(process, file, [...args], { ...env });
  };
}
