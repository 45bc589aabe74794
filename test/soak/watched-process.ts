import { readdirSync, readFileSync } from "node:fs";

/** What a running process holds. */
export interface Holding {
  /** Resident memory, bytes. */
  readonly memory: number;
  /** Open files and sockets. */
  readonly descriptors: number;
}

/** Looks at a process through /proc; undefined when it has ended. */
export function holding(pid: number): Holding | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes === undefined) return undefined;
    return { memory: Number(kilobytes) * 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The medians of the second and of the last quarter: the first warms up. Flat is where they are about the same. */
export function drift(values: readonly number[]): { early: number; late: number } {
  const quarter = Math.floor(values.length / 4);
  return {
    early: median(values.slice(quarter, 2 * quarter)),
    late: median(values.slice(3 * quarter)),
  };
}
