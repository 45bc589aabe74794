import { readFileSync } from "node:fs";

/**
 * Whether a process is stopped, as /proc tells (proc_pid_stat(5)); false where it does not.
 *
 * @param pid  of a child
 */
export function isStopped(pid: number): boolean {
  try {
    // The name before it is in parentheses, and may hold some itself.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  } catch {
    return false;
  }
}
