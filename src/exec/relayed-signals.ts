import { constants } from "node:os";

/**
 * KILL and STOP cannot be caught, CHLD is about a process of our own, and the others are raised by a fault inside of Node:
 * caught, the same instruction would fail for ever.
 */
const OURS: ReadonlySet<string> = new Set([
  "SIGKILL",
  "SIGSTOP",
  "SIGCHLD",
  "SIGILL",
  "SIGTRAP",
  "SIGBUS",
  "SIGFPE",
  "SIGSEGV",
]);

/**
 * Every signal that can be caught, once: of two names the first, by which src/process-context.ts knows it. Node does not
 * know the real-time ones.
 */
export const RELAYED_SIGNALS: readonly NodeJS.Signals[] = [
  ...new Map(
    Object.entries(constants.signals)
      .filter(([name]) => !OURS.has(name))
      .reverse()
      .map(([name, number]) => [number, name as NodeJS.Signals]),
  ).values(),
];

/** What a terminal sends to each process of its foreground group by itself: passed on, the child would get it twice. */
export const TERMINAL_SIGNALS: readonly NodeJS.Signals[] = [
  "SIGINT",
  "SIGQUIT",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
];

/** What stops a process, until SIGCONT. */
export const STOPPING_SIGNALS: readonly NodeJS.Signals[] = ["SIGTSTP", "SIGTTIN", "SIGTTOU"];
