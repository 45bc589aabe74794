import { type BigIntStats, statSync } from "node:fs";

/** The file that runs, as it was when the run began: nothing that is written may take its place. */
export class RunningScript {
  readonly #stats: BigIntStats | undefined;

  constructor(path: string) {
    this.#stats = statsOf(path);
  }

  /** Whether a path leads to it, by whatever name, link, hard link or case. */
  isAt(path: string): boolean {
    if (this.#stats === undefined) return false;
    const { dev, ino } = this.#stats;
    const stats = statsOf(path);
    return stats !== undefined && stats.ino === ino && stats.dev === dev;
  }
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A loop of links, a name too long: it is not the file that runs.
    return undefined;
  }
}
