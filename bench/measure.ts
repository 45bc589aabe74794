import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One run of a command. */
export interface Measurement {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of both kinds, children that were waited for included. */
  readonly cpu: number;
  /** Peak resident set, KiB. */
  readonly memory: number;
}

export interface Median extends Measurement {
  /** Of how many. */
  readonly runs: number;
}

/** The middle of the measurements, each figure by itself. */
export function median(runs: readonly Measurement[]): Median {
  const middle = (pick: (run: Measurement) => number): number => {
    const sorted = runs.map(pick).sort((a, b) => a - b);
    const half = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  };
  return {
    wall: middle((run) => run.wall),
    cpu: middle((run) => run.cpu),
    memory: middle((run) => run.memory),
    runs: runs.length,
  };
}

/** How a command ended, and what it cost. */
export interface Ended extends Measurement {
  readonly code: number;
  /** The end of what it said on standard error. */
  readonly words: string;
}

/** Where and with what a command runs. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
}

/** Runs a command under the kernel's own accounting. */
export function watch(command: readonly string[], { env, folder }: Surroundings): Promise<Ended> {
  const errors = join(folder, "stderr");
  const args = [join(import.meta.dirname, "measure.py"), errors, ...command];
  return new Promise((resolve, reject) => {
    execFile("python3", args, { env, cwd: folder, timeout: 600_000 }, (error, stdout) => {
      if (error) return reject(error);
      const words = readFileSync(errors, "utf8").slice(-2000);
      return resolve({ ...(JSON.parse(stdout) as Measurement & { code: number }), words });
    });
  });
}

/** Runs a command. Rejects, with what it said, unless it succeeded. */
export async function measure(command: readonly string[], surroundings: Surroundings): Promise<Measurement> {
  const { code, words, ...measurement } = await watch(command, surroundings);
  if (code !== 0) throw new Error(`exit ${code}: ${command.join(" ")}\n${words}`);
  return measurement;
}
