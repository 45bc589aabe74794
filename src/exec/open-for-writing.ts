import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";

/** So many processes are looked through: a build has a handful, and each costs up to a millisecond. */
const MOST_PROCESSES = 500;

/** Who has a file open for writing has made it or written to it not long ago. */
const RECENT_MS = 3_600_000;

/** The access modes of open(2) but O_RDONLY: O_WRONLY and O_RDWR. */
const WRITING = 3;

/**
 * Whether some process has a file open for writing, so that execve(2) would refuse it with ETXTBSY, as /proc tells. What
 * other users' processes have open it does not tell.
 *
 * @param now ms since the epoch: a file that nothing was done to for long is not looked for
 * @returns undefined when it cannot be found out
 */
export function isOpenForWriting(path: string, now: number): boolean | undefined {
  const { dev, ino, ctimeMs } = statSync(path);
  if (now - ctimeMs > RECENT_MS) return false;
  const processes = namesIn("/proc").filter((name) => /^\d+$/.test(name));
  if (processes.length === 0 || processes.length > MOST_PROCESSES) return undefined;
  return processes.some((pid) =>
    namesIn(`/proc/${pid}/fd`).some((fd) => {
      const opened = statOf(`/proc/${pid}/fd/${fd}`);
      return opened?.ino === ino && opened.dev === dev && isWriting(`/proc/${pid}/fdinfo/${fd}`);
    }),
  );
}

/** Undefined for a descriptor that is closed by now, or none of ours to look at. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isWriting(info: string): boolean {
  try {
    const [, flags = "0"] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(info, "latin1")) ?? [];
    return (Number.parseInt(flags, 8) & WRITING) !== 0;
  } catch {
    // Closed meanwhile.
    return false;
  }
}

/** Empty for a process that has ended, or is another user's. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
