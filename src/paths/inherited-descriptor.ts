import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { descriptorOf } from "./descriptor-paths.js";
import { parentProcess } from "./parent-process.js";

const FIRST_OTHER = 3;

/** What a descriptor is, as the system tells: `pipe:[12]`, `anon_inode:[eventfd]`, a path; undefined where it does not. */
function kindOf(descriptor: number | string, pid: number | "self" = "self"): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/** Whether the process that started us has that as well. */
function isOfParent(kind: string): boolean {
  try {
    const parent = parentProcess();
    return readdirSync(`/proc/${parent}/fd`).some((descriptor) => kindOf(descriptor, parent) === kind);
  } catch {
    // Another user's, or outside of this container.
    return false;
  }
}

/** Its access mode, the lowest two bits of its flags: reading 0, writing 1, both 2. @throws the system's error */
export function modeOf(descriptor: number | string, pid: number | "self" = "self"): number {
  const info = readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, "latin1");
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return Number.parseInt(flags ?? "0", 8) & 3;
}

/** Whether the other end of a pipe is here as well: hardly anybody hands us both. */
function hasBothEnds(descriptor: number, pipe: string): boolean {
  const mode = modeOf(descriptor);
  return readdirSync("/proc/self/fd").some((other) => kindOf(other) === pipe && modeOf(other) !== mode);
}

/** The same of a path that may stand for one (`/dev/fd/7`), before it is opened. @throws EBADF */
export function checkInheritedPath(path: string): void {
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) checkInherited(descriptor);
}

/**
 * Checks that a descriptor may be one that this process was started with, and none of Node's own (its event loop's, and the
 * pipes by which its threads wake each other): what is written there ends the process, and reading there waits for ever.
 * Where there is no /proc, none is known to be.
 *
 * @throws EBADF, as for one that is not open
 */
export function checkInherited(descriptor: number): void {
  if (descriptor < FIRST_OTHER) return;
  const kind = kindOf(descriptor);
  const isNodes =
    kind !== undefined &&
    (kind.startsWith("anon_inode:") ||
      (kind.startsWith("pipe:") && hasBothEnds(descriptor, kind) && !isOfParent(kind)));
  if (isNodes)
    throw Object.assign(new Error("EBADF: bad file descriptor"), { code: "EBADF", syscall: "fstat" });
}
