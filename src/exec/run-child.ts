import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Context } from "../context.js";
import { commandNotExecutable } from "./failures.js";

export interface ChildCommand {
  /** The file to run. */
  readonly file: string;
  /** The command as given, which becomes its argv[0]. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Ctrl-C reaches every process of the terminal's foreground group by itself: passed on, the child would get it twice. */
function onTerminal(): boolean {
  return [0, 1, 2].some((stream) => isatty(stream));
}

/**
 * Runs a command on our own streams and passes signals on to it.
 *
 * @returns its exit code, or 128+n when a signal ended it
 * @throws Failure 126 when it cannot be started
 */
export function runChild(
  { file, name, args, env }: ChildCommand,
  context: Pick<Context, "onSignal">,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // First the listener, which cannot be called before spawn returns: a signal in between would end us and leave the
    // child alone.
    let child: ChildProcess | undefined;
    const release = context.onSignal((signal) => {
      if (signal !== "SIGINT" || !onTerminal()) child?.kill(signal);
    });
    child = spawn(file, args, { argv0: name, env, stdio: "inherit" });
    child.on("error", (error: NodeJS.ErrnoException) => {
      // A failed kill is an error event too: then the child still runs, and its exit will be told.
      if (child?.pid !== undefined) return;
      release();
      reject(commandNotExecutable(name, WORDS[error.code ?? ""] ?? error.code ?? error.message));
    });
    child.on("exit", (code, signal) => {
      release();
      resolve(signal === null ? (code ?? 0) : 128 + constants.signals[signal]);
    });
  });
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ENOENT: "its interpreter or loader is not there",
  E2BIG: "its arguments and environment are too long",
  ENOEXEC: "it is not a program for this machine",
  ETXTBSY: "somebody is writing to it",
};
