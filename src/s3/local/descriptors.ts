import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../failure.js";
import { systemError } from "../../system-error.js";
import { tooFewDescriptors } from "../local-failures.js";

/** How many descriptors may be used for what. */
export interface DescriptorBudget {
  /** Requests at once, each with a connection. */
  readonly requests: number;
  /** Files that are read or written at once. */
  readonly files: number;
  /** Folders kept open that nobody uses just now. */
  readonly folders: number;
}

/** Of each, as many as are of any use: beyond them a limit changes nothing. */
const MOST = 96;

/** Left to what opens something for a moment: the system's resolver, lists of folders, keys that are asked for anew. */
const RESERVE = 10;

/**
 * Shares out what this process may still open (RLIMIT_NOFILE; Node raises the soft limit to the hard one at its start).
 * Each origin has two kinds of connections, so that requests count twice.
 *
 * @param free descriptors; undefined: unknown, and taken for plenty
 * @param wanted requests at once that the user asked for, where those are more than usual
 */
export function shareOut(free = Number.POSITIVE_INFINITY, wanted = MOST): DescriptorBudget {
  const most = Math.max(MOST, wanted);
  const part = (share: number, least: number, most: number) =>
    Math.max(least, Math.min(most, Math.floor((free - RESERVE) / share)));
  return {
    requests: part(4, 1, most),
    files: part(4, 1, most),
    folders: part(8, 0, MOST),
  };
}

/** The descriptors that this process may still open; undefined where there is no /proc to tell. */
function freeDescriptors(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const soft = Number(/Max open files\s+(\d+)/.exec(limits)?.[1]);
    return Number.isNaN(soft) ? undefined : soft - readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** What may be open from now on. @param wanted as for `shareOut` */
export function descriptorBudget(wanted?: number): DescriptorBudget {
  return shareOut(freeDescriptors(), wanted);
}

/** A connection, a folder and the file in it: without these at once there is no transfer, however long one waits. */
const LEAST = 3;

/**
 * Makes sure that something can be done at all, before anything is waited for.
 *
 * @throws Failure when the limit of open files leaves less than a connection, a folder and a file need
 */
export function requireDescriptors(): void {
  const open: number[] = [];
  try {
    while (open.length < LEAST) open.push(openSync("/dev/null", "r"));
  } catch (error) {
    // What is short in the whole system may be free again soon; and not every system has that file.
    if (systemError(error).code === "EMFILE") throw tooFewDescriptors(error);
  } finally {
    for (const fd of open) closeSync(fd);
  }
}

/** Whether an error says that this process, or the whole system, has too much open: it passes when something is closed. */
export function lacksDescriptors(error: unknown): boolean {
  if (error instanceof Failure) return error.id === "local-too-many-files";
  const { code } = systemError(error);
  return code === "EMFILE" || code === "ENFILE";
}

const WAIT_MS = 20;

/** Five minutes: whatever it is that holds them all will not let go. */
const MOST_WAITS = 15_000;

/** Resolves when it is time to look whether there are descriptors again. */
export const descriptorsMayBeFree = (): Promise<void> => sleep(WAIT_MS);

/**
 * Does what opens something, and does it again when there was no descriptor for it.
 *
 * @param stopped called before each further try; may throw
 * @param wait until it is time for one
 */
export async function withDescriptors<T>(
  action: () => T | Promise<T>,
  stopped: () => void = () => undefined,
  wait = descriptorsMayBeFree,
): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await action();
    } catch (error) {
      if (!lacksDescriptors(error) || waits >= MOST_WAITS) throw error;
    }
    await wait();
    stopped();
  }
}
