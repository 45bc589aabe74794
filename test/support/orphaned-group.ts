import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** From /proc/PID/stat; undefined for one that has ended. */
function processOf(pid: number | string): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(parent), group: Number(group), session: Number(session) };
  } catch {
    return undefined;
  }
}

/**
 * Whether our process group is orphaned: no member has a parent in another group of the session, so that nobody could
 * let it go on. The kernel then drops SIGTSTP (POSIX.1-2017, General Concepts, 2.4.3): after `setsid`, or as the first
 * process of a container.
 */
export function inOrphanedGroup(): boolean {
  const own = processOf(process.pid);
  return !readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const member = processOf(pid);
      if (member === undefined || member.group !== own?.group) return false;
      const parent = processOf(member.parent);
      return parent !== undefined && parent.group !== member.group && parent.session === member.session;
    });
}
