import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const TRIES = 3;

/** Kept between runs: a binary is 100 MB. Root puts them where every uid can run them. */
const CACHE =
  process.getuid?.() === 0
    ? "/var/cache/fetch-creds-tests/node"
    : join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fetch-creds-tests", "node");

/** The package on npm that is nothing but a Node binary for this machine. */
const PACKAGE = `node-linux-${process.arch}`;

/** Whether the binary runs here; an older cache may hold one that lacks its libraries. */
async function versionOf(binary: string): Promise<string> {
  const { stdout } = await run(binary, ["--version"]);
  return stdout.trim();
}

async function install(version: string, folder: string): Promise<void> {
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", "--force"];
  try {
    // Without a prefix of its own npm would install into the project; `--force`: the package names its own platform.
    await run("npm", ["install", "--prefix", temporary, ...flags, `${PACKAGE}@${version}`], {
      cwd: temporary,
    });
    if (!existsSync(folder)) renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * A Node binary of the version (`22`, `20.18.0`) from npm.
 *
 * @throws when it cannot be had after three tries, or does not run
 */
export async function nodeBinary(version: string): Promise<{ path: string; version: string }> {
  const folder = join(CACHE, `${PACKAGE}-${version}`);
  const path = join(folder, "node_modules", PACKAGE, "bin", "node");
  for (let attempt = 1; !existsSync(path); attempt++) {
    try {
      await install(version, folder);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
  return { path, version: await versionOf(path) };
}
