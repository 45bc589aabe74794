import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Context } from "../context.js";
import { commandNotExecutable } from "./failures.js";
import { refusal } from "./refusal.js";
import { RELAYED_SIGNALS, STOPPING_SIGNALS, TERMINAL_SIGNALS } from "./relayed-signals.js";
import { isStopped } from "./stopped.js";

export interface ChildCommand {
  /** The file to run. */
  readonly file: string;
  /** The command as given, which becomes its argv[0]. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors from 3 up that it is to have, under their numbers. */
  readonly descriptors?: readonly number[];
}

/** How long a command may take to stop after it was asked to, in steps. */
const STOP_CHECKS = 50;
const STOP_CHECK_MS = 20;

type Surroundings = Pick<Context, "onSignal" | "suspend" | "sleep">;

function onTerminal(): boolean {
  return [0, 1, 2].some((stream) => isatty(stream));
}

/** Each descriptor at its own number. Below 3 `ignore` would be /dev/null; above it is nothing. */
function streams(descriptors: readonly number[]): StdioOptions {
  const length = Math.max(3, ...descriptors.map((number) => number + 1));
  return Array.from({ length }, (_, number) =>
    number < 3 ? "inherit" : descriptors.includes(number) ? number : "ignore",
  );
}

/** Stops with the command, so that whoever waits for us (a shell's job control) sees it. One that does not stop does not stop us. */
async function stopWith(child: ChildProcess, { suspend, sleep }: Surroundings): Promise<void> {
  for (let check = 0; check < STOP_CHECKS && child.exitCode === null; check++) {
    if (child.pid !== undefined && isStopped(child.pid)) {
      suspend();
      return;
    }
    await sleep(STOP_CHECK_MS);
  }
}

/**
 * Runs a command on our own streams and passes signals on to it.
 *
 * @returns its exit code, or 128+n when a signal ended it
 * @throws Failure 126 when it cannot be started
 */
export function runChild(
  { file, name, args, env, descriptors = [] }: ChildCommand,
  context: Surroundings,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // First the listener, which cannot be called before spawn returns: a signal in between would end us and leave the
    // child alone.
    let child: ChildProcess | undefined;
    const release = context.onSignal((signal) => {
      if (child === undefined) return;
      if (!TERMINAL_SIGNALS.includes(signal) || !onTerminal()) child.kill(signal);
      if (STOPPING_SIGNALS.includes(signal)) void stopWith(child, context);
    }, RELAYED_SIGNALS);
    const refused = (error: unknown) => {
      // A failed kill is an error event too: then the child still runs, and its exit will be told.
      if (child?.pid !== undefined) return;
      release();
      reject(commandNotExecutable(name, refusal(error)));
    };
    try {
      child = spawn(file, args, { argv0: name, env, stdio: streams(descriptors) });
    } catch (error) {
      // Some errors of the system are thrown: E2BIG, ETXTBSY.
      refused(error);
      return;
    }
    child.on("error", refused);
    child.on("exit", (code, signal) => {
      release();
      resolve(signal === null ? (code ?? 0) : 128 + constants.signals[signal]);
    });
  });
}
