import { readdirSync, readlinkSync } from "node:fs";

/** What this process has open of a folder and all below it: other tests' sockets, which may close at any time, do not count. */
export function openBelow(folder: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path === folder || path.startsWith(`${folder}/`) ? [path] : [];
    } catch {
      // What listed the folder is closed by now.
      return [];
    }
  });
}
