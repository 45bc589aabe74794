import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";

/** What a running process holds. */
export interface Holding {
  /** Resident memory, bytes. */
  readonly memory: number;
  /** Open files and sockets. */
  readonly descriptors: number;
}

/** Looks at a process through /proc; undefined when it has ended. */
function holding(pid: number): Holding | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes === undefined) return undefined;
    return { memory: Number(kilobytes) * 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The medians of the second and of the last quarter: the first warms up. Flat is where they are about the same. */
function drift(values: readonly number[]): { early: number; late: number } {
  const quarter = Math.floor(values.length / 4);
  return {
    early: median(values.slice(quarter, 2 * quarter)),
    late: median(values.slice(3 * quarter)),
  };
}

/** How often a process is looked at, ms. */
const LOOK_EVERY = 50;
/** Fewer looks than this tell no trend. */
const LOOKS_MIN = 40;

/** Looks at a process again and again until it is told to end. */
export class Watch {
  readonly #seen: Holding[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number | undefined) {
    this.#timer = setInterval(() => {
      const now = holding(pid ?? 0);
      if (now !== undefined) this.#seen.push(now);
    }, LOOK_EVERY).unref();
  }

  end(): readonly Holding[] {
    clearInterval(this.#timer);
    return this.#seen;
  }
}

/** Memory and descriptors of a process are late what they were early. */
export function expectFlat(seen: readonly Holding[]): void {
  expect(seen.length).toBeGreaterThan(LOOKS_MIN);
  const memory = drift(seen.map((holds) => holds.memory));
  const descriptors = drift(seen.map((holds) => holds.descriptors));
  console.log(
    `memory ${(memory.early / 1e6).toFixed(0)} -> ${(memory.late / 1e6).toFixed(0)} MB, ` +
      `descriptors ${descriptors.early} -> ${descriptors.late}`,
  );
  expect(memory.late).toBeLessThan(memory.early * 1.3 + 10e6);
  expect(descriptors.late).toBeLessThanOrEqual(descriptors.early + 4);
}
