import { type ChildProcess, execFile, spawn } from "node:child_process";
import { openSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRoot } from "../forky/root.js";

/** Folders of clusters start with it; a cluster whose maker is gone is ended and removed by the next one. */
export const FOLDER_PREFIX = "fetch-creds-radosgw-";

const OWNER_FILE = "owner";

/** A process id says something only to those who count in the same namespace. */
const PID_NAMESPACE = "/proc/self/ns/pid";

/** The daemons of one cluster, each a child of ours, and short programs beside them in the same root. */
export class Daemons {
  readonly folder: string;
  readonly #prefix: readonly string[];
  readonly #children: ChildProcess[] = [];
  readonly #atExit = () => this.#kill();

  /** @param root what is `/` for the programs: a root of Debian's testing suite, the machine's own where it is undefined */
  constructor(folder: string, root: string | undefined) {
    this.folder = folder;
    this.#prefix = inRoot(root);
    writeFileSync(join(folder, OWNER_FILE), `${process.pid} ${readlinkSync(PID_NAMESPACE)}\n`);
    process.once("exit", this.#atExit);
  }

  /** Leaves a daemon running in the foreground of its own; what it prints goes to a file in the folder. */
  start(name: string, ...args: readonly string[]): ChildProcess {
    const output = openSync(join(this.folder, `${name}.out`), "a");
    const [program, ...rest] = [...this.#prefix, name, ...args];
    // Debian's Ceph looks for the OSD's classes by a path without a slash at its beginning.
    const child = spawn(program!, rest, { cwd: "/", stdio: ["ignore", output, output] });
    child.once("error", () => undefined);
    this.#children.push(child);
    return child;
  }

  /** Runs a program to its end and gives what it printed. Rejects, with what it said, when it failed. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
    const [program, ...rest] = [...this.#prefix, ...args];
    return new Promise((resolve, reject) => {
      execFile(program!, rest, { env, timeout: 60_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${args.slice(0, 4).join(" ")}: ${stderr || error.message}`));
        else resolve(stdout);
      });
    });
  }

  /** The last lines of every daemon, for a message when the cluster did not come up. */
  lastWords(): string {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(".out"))
      .map((name) => `${name}: ${readFileSync(join(this.folder, name), "utf8").trim().slice(-400)}`)
      .join("\n");
  }

  /** Nothing is worth keeping: the store is memory, so the daemons are killed and the folder removed. */
  async close(): Promise<void> {
    process.removeListener("exit", this.#atExit);
    const gone = this.#children
      .filter((child) => child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      .map((child) => new Promise((resolve) => child.once("exit", resolve)));
    this.#kill();
    await Promise.all(gone);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The command line of a process, empty when it is gone or not ours to read. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

/** Whether the process that made this cluster is gone, as far as we can know. */
function isAbandoned(folder: string): boolean {
  try {
    const [owner, namespace] = readFileSync(join(folder, OWNER_FILE), "utf8").trim().split(" ");
    return namespace === readlinkSync(PID_NAMESPACE) && !isAlive(Number(owner));
  } catch {
    return false; // being made right now by somebody else
  }
}

/** Ends clusters whose maker was killed: processes that name such a folder in their command line, then the folder. */
export function removeLeftovers(): void {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const folder of names.map((name) => join(tmpdir(), name)).filter(isAbandoned)) {
    for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
      if (commandLine(pid).includes(`${folder}/`)) process.kill(pid, "SIGKILL");
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
