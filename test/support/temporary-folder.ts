import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TemporaryFolder {
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  /** A path inside it. */
  at(...names: string[]): string;
  /** Removes it and all that is in it; a folder that a test made unwritable too. */
  remove(): void;
  [Symbol.dispose](): void;
}

/** Folders without write permission keep their entries: give it back before the removal. */
function unlock(path: string): void {
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) unlock(join(path, name));
}

/** Whether every user may pass through the folder. */
function isReachable(path: string): boolean {
  const passable = (statSync(path).mode & 0o001) !== 0;
  return passable && (path === dirname(path) || isReachable(dirname(path)));
}

/**
 * The system's temporary folder, or a usual one where that would not do: tests run the file as other users, and name
 * programs in `#!` lines, which end at a blank.
 */
function temporaryParent(): string {
  const suits = (path: string) =>
    existsSync(path) && /^[\w./-]+$/.test(path) && isReachable(realpathSync(path));
  return [tmpdir(), "/tmp", "/var/tmp", "/dev/shm"].find(suits) ?? tmpdir();
}

/** Makes an empty folder of its own below `parent`. */
export function temporaryFolder(parent = temporaryParent()): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(parent, "fetch-creds-test-")));
  const remove = () => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      unlock(path);
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  return { path, at: (...names) => join(path, ...names), remove, [Symbol.dispose]: remove };
}
