/**
 * `npm run test:docker`: the docker suite inside a bed of its own. Everything runs in namespaces that end with it, and
 * everything is written below one temporary folder, which goes at the end (or, after a kill, at the next start).
 * Arguments go to vitest.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startBed } from "../support/docker/bed.js";

const NAME = "fetch-creds-docker-";
const NAMESPACES = fileURLToPath(new URL("../support/docker/own-namespaces.sh", import.meta.url));

/** Runs a program on our streams; its exit code. */
function pass(file: string, args: readonly string[], environment: Record<string, string>): Promise<number> {
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

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(NAME) || alive(Number(name.slice(NAME.length)))) continue;
    spawnSync(NAMESPACES, ["--remove", name], { stdio: "inherit" });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function outside(args: readonly string[]): Promise<number> {
  if (process.getuid?.() !== 0)
    throw new Error("The docker suite starts an engine of its own: it needs root.");
  removeLeftovers();
  const name = `${NAME}${process.pid}`;
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { mode: 0o711 });
  const self = [process.execPath, "--import", "tsx", fileURLToPath(import.meta.url), "--inside", ...args];
  try {
    // When this process is killed, what it started is too.
    return await pass("setpriv", ["--pdeathsig", "KILL", NAMESPACES, name, ...self], { TMPDIR: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inside(args: readonly string[]): Promise<number> {
  const started = Date.now();
  const bed = await startBed(tmpdir());
  console.log(`engine, S3 server and endpoint are up after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  try {
    const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
    return await pass(process.execPath, [vitest, "run", "--project", "docker", ...args], {
      ...bed.environment,
    });
  } finally {
    await bed.close();
  }
}

const [first, ...rest] = process.argv.slice(2);
process.exitCode = first === "--inside" ? await inside(rest) : await outside(process.argv.slice(2));
