import { writeSync } from "node:fs";
import { outputLost } from "./cli/failures.js";
import { sayFailure } from "./cli/say.js";
import type { Context, Output, ReplaceProcess } from "./context.js";
import { ExitCode } from "./failure.js";

type SignalHandler = (signal: NodeJS.Signals) => void;

const STANDARD_OUTPUT = 1;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
  readonly scriptPath = process.argv[1] ?? "";
  readonly nodeVersion = process.version;
  readonly uid = process.getuid?.();
  readonly debug = () => undefined;
  readonly debugging = false;
  readonly replaceProcess = replaceProcess();
  private readonly opened = new Map<"stdout" | "stderr", Output>();
  private readonly handlers = new Set<SignalHandler>();

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
  readonly print = (answer: string | Buffer): void => {
    let rest = Buffer.from(answer);
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

  readonly onSignal = (handler: SignalHandler): (() => void) => {
    this.handlers.add(handler);
    for (const signal of SIGNALS) process.on(signal, handler);
    return () => {
      this.handlers.delete(handler);
      for (const signal of SIGNALS) process.off(signal, handler);
    };
  };

  /** Resolves when all that was written has been handed to the system, so that leaving cannot cut an answer short. */
  async flushed(): Promise<void> {
    const streams = [...this.opened.values()].filter((stream) => !stream.destroyed);
    await Promise.all(
      streams.map((stream) => new Promise<void>((resolve) => stream.write("", () => resolve()))),
    );
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
    for (const handler of this.handlers) handler("SIGPIPE");
  }
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
