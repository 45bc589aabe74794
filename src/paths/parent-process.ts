import { readFileSync } from "node:fs";

/**
 * The id of the process that started us, as /proc numbers it; 0 when that is outside of this container.
 *
 * @throws the system's error where there is no /proc
 */
export function parentProcess(): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? 0);
}
