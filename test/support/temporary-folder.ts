import { chmodSync, lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** Makes an empty folder of its own below `parent` (the system's temporary folder). */
export function temporaryFolder(parent = tmpdir()): TemporaryFolder {
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
