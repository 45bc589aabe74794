import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProgramOptions, Run } from "./run-program.js";

/** Where Debian puts it; its package `awscli` brings the Python modules that are run. */
export const AWS_CLI = "/usr/bin/aws";

/** The real AWS CLI (Debian's, by its own Python), loaded once: see aws-cli.py. */
export class AwsCli {
  readonly #folder = mkdtempSync(join(tmpdir(), "fetch-creds-aws-cli-"));
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (code: number) => void>();
  #next = 0;

  constructor() {
    this.#child = spawn("/usr/bin/python3", [join(import.meta.dirname, "aws-cli.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C.UTF-8" },
    });
    this.#child.once("exit", () => {
      for (const done of this.#waiting.values()) done(-1);
    });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const { id, code } = JSON.parse(line) as { id: number; code: number };
      this.#waiting.get(id)?.(code);
      this.#waiting.delete(id);
    });
  }

  /** Runs `aws ARGS…` to its end; code -1 when it was killed after two minutes. */
  async run(args: readonly string[], options: ProgramOptions): Promise<Run> {
    const id = this.#next++;
    const at = (name: string) => join(this.#folder, `${id}.${name}`);
    writeFileSync(at("stdin"), options.stdin);
    const streams = { stdin: at("stdin"), stdout: at("stdout"), stderr: at("stderr") };
    const request = { id, args, cwd: options.cwd, env: options.env, ...streams };
    const code = await new Promise<number>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
    const run = { code, stdout: readFileSync(at("stdout")), stderr: readFileSync(at("stderr"), "utf8") };
    for (const path of Object.values(streams)) rmSync(path, { force: true });
    return run;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin!.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
