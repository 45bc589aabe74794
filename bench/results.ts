import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Ceiling } from "./ceiling.js";
import type { Client } from "./clients.js";
import type { Result } from "./report.js";
import type { Sizes } from "./sizes.js";

/** What a run of the benchmark leaves, which docs and the picture are made from. */
export interface Results {
  /** ISO 8601 */
  readonly date: string;
  readonly quick: boolean;
  readonly machine: string;
  /** `rclone: 1.75.2` */
  readonly versions: Readonly<Record<string, string>>;
  readonly sizes: Sizes;
  readonly ceilings: readonly Ceiling[];
  readonly results: readonly Result[];
}

const FOLDER = join(import.meta.dirname, "results");
const FULL_RUN = join(FOLDER, "full.json");

export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`;
}

/** Names with what each says of its version, without the words around it. */
export function versionsOf(clients: readonly Client[]): [string, string][] {
  return clients.map(({ name, version }) => [name, /\d+(?:\.\d+)+/.exec(version)?.[0] ?? version]);
}

export function writeResults(results: Omit<Results, "date" | "machine">): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = results.quick ? join(FOLDER, "quick.json") : FULL_RUN;
  const all: Results = { date: new Date().toISOString(), machine: machine(), ...results };
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
  console.log(`\n${file}`);
}

/** Of the last full run; undefined where none was made. */
export function lastResults(): Results | undefined {
  return existsSync(FULL_RUN) ? (JSON.parse(readFileSync(FULL_RUN, "utf8")) as Results) : undefined;
}
