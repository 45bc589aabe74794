import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Environment } from "../context.js";
import { parentProcess } from "../paths/parent-process.js";
import { findCommand } from "./find-command.js";

const { SIGPIPE, SIGXFSZ, SIGCHLD, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU } = constants.signals;

/** What many ignore for themselves and reset for what they start: Node and Python the first two. */
const OWN_AFFAIR: readonly number[] = [SIGPIPE, SIGXFSZ, SIGCHLD];

/** The same, of a shell that a person types into. */
const INTERACTIVE: readonly number[] = [SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU];

/**
 * The signals that a process ignores and what it starts ignores with it, after its /proc/PID/status. POSIX: an ignored signal
 * stays ignored through fork and exec.
 *
 * @returns numbers, without those of real time
 */
export function ignoredIn(status: string): readonly number[] {
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const ignored = Array.from({ length: 31 }, (_, index) => index + 1).filter(
    (number) => (mask >> BigInt(number - 1)) & 1n,
  );
  const interactive = [SIGTSTP, SIGTTIN, SIGTTOU].every((number) => ignored.includes(number));
  return ignored.filter(
    (number) => !OWN_AFFAIR.includes(number) && !(interactive && INTERACTIVE.includes(number)),
  );
}

function ignoredByParent(): readonly number[] {
  try {
    return ignoredIn(readFileSync(`/proc/${parentProcess()}/status`, "latin1"));
  } catch {
    return [];
  }
}

/** A file to run and its arguments, with argv[0] the first. */
export interface Ignoring {
  readonly file: string;
  readonly args: readonly string[];
  readonly signals: readonly number[];
}

/**
 * A command by way of `env --ignore-signal`, which becomes it: Node has reset what the process that started us ignores
 * (`trap '' HUP` in a script), and can ignore nothing itself.
 *
 * @returns undefined where nothing is ignored, or `env` cannot do it: that of coreutils can, from 8.31 on
 */
export function ignoring([name = "", ...args]: readonly string[], env: Environment): Ignoring | undefined {
  const signals = ignoredByParent();
  // `env` would take such a name for a variable.
  if (signals.length === 0 || name.includes("=")) return undefined;
  try {
    const file = findCommand("env", env.PATH);
    const option = `--ignore-signal=${signals.join(",")}`;
    const able =
      spawnSync(file, [option, "--", file, "--version"], { env: {}, stdio: "ignore" }).status === 0;
    return able ? { file, args: ["env", option, "--", name, ...args], signals } : undefined;
  } catch {
    return undefined;
  }
}
