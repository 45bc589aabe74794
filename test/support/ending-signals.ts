import { constants } from "node:os";

/** Every other signal that ends a process by itself and that Node lets one listen to (signal(7)), by name. */
const NAMES = [
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
] as const;

/** Those of them that this system has, with their numbers; besides INT, TERM, HUP and USR1. */
export const RARE_SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = NAMES.flatMap((name) => {
  const number = (constants.signals as Partial<Record<NodeJS.Signals, number>>)[name];
  return number === undefined ? [] : [[name, number] as const];
});
