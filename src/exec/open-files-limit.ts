import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import type { Environment } from "../context.js";
import { parentProcess } from "../paths/parent-process.js";
import { findCommand } from "./find-command.js";

/** Soft and hard limit of open files: RLIMIT_NOFILE, as `ulimit -Sn` and `ulimit -Hn` show it. */
export interface OpenFilesLimit {
  readonly soft: number;
  readonly hard: number;
}

/**
 * The limit in a text of /proc/PID/limits.
 *
 * @returns undefined when it is not there, or no number (`unlimited`)
 */
export function openFilesLimit(limits: string): OpenFilesLimit | undefined {
  const [, soft, hard] = /^Max open files +(\d+) +(\d+) /m.exec(limits) ?? [];
  return soft === undefined ? undefined : { soft: Number(soft), hard: Number(hard) };
}

function limitOf(pid: "self" | number): OpenFilesLimit | undefined {
  try {
    return openFilesLimit(readFileSync(`/proc/${pid}/limits`, "latin1"));
  } catch {
    return undefined;
  }
}

/**
 * The soft limit that Node has raised to the hard one at its start, and what it most likely was: our parent's, where the
 * hard one is the same.
 *
 * @returns undefined where nothing was raised, or nobody can tell
 */
export function limitBeforeNode(): OpenFilesLimit | undefined {
  const own = limitOf("self");
  if (own === undefined) return undefined;
  const before = limitOf(parentProcess());
  return before !== undefined && before.hard === own.hard && before.soft < own.soft ? before : undefined;
}

/**
 * Gives this process, and so what it becomes or starts, its soft limit back. Node cannot: `prlimit` does, where the image
 * has it (util-linux).
 *
 * @param env  of the command: where `prlimit` is looked for; it is given none of it
 * @returns whether it did
 */
export function restoreLimit({ soft }: OpenFilesLimit, env: Environment): boolean {
  try {
    const file = findCommand("prlimit", env.PATH);
    const args = ["--pid", readlinkSync("/proc/self"), `--nofile=${soft}:`];
    return spawnSync(file, args, { env: {}, stdio: "ignore" }).status === 0;
  } catch {
    return false;
  }
}
