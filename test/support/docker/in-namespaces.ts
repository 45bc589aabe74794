import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMESPACES = fileURLToPath(new URL("./own-namespaces.sh", import.meta.url));

/** Runs a program on our streams; its exit code. */
export function pass(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function removeLeftovers(prefix: string): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix) || alive(Number(name.slice(prefix.length)))) continue;
    spawnSync(NAMESPACES, ["--remove", name], { stdio: "inherit" });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/**
 * Runs a TypeScript file inside own-namespaces.sh, on our streams; its exit code. It has one folder for everything it
 * writes, as the place for temporary files, which goes at the end, or, after a kill, at the next start.
 *
 * @param prefix of the folder's name, the same in every run
 */
export async function inNamespaces(prefix: string, file: string, args: readonly string[]): Promise<number> {
  removeLeftovers(prefix);
  const name = `${prefix}${process.pid}`;
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { mode: 0o711 });
  const program = [process.execPath, "--import", "tsx", file, ...args];
  try {
    // When this process is killed, what it started is too.
    return await pass("setpriv", ["--pdeathsig", "KILL", NAMESPACES, name, ...program], { TMPDIR: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
