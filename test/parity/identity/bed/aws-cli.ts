import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type ProgramOptions, type Run, runProgram } from "../../bed/run-program.js";

/** In the root. */
const PROGRAM = "/usr/bin/aws";
const SERVER = join(import.meta.dirname, "aws-cli.py");

/** The AWS CLI, which takes most of its time to load: it is loaded once, and forks for each run. */
export class AwsCli {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #streams: readonly [string, string, string];

  private constructor(folder: string, home: string) {
    this.#streams = [join(folder, "stdin"), join(folder, "stdout"), join(folder, "stderr")];
    // Its cache of assumed roles is below the home folder that it has when it is loaded.
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      AWS_ACCESS_KEY_ID: "warmup",
      AWS_SECRET_ACCESS_KEY: "warmup",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:8080",
    };
    this.#child = spawn("python3", ["-W", "ignore", SERVER], { stdio: ["pipe", "pipe", "inherit"], env });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @param home  the home folder of every run */
  static async start(folder: string, home: string): Promise<AwsCli> {
    const cli = new AwsCli(folder, home);
    while ((await cli.#answer()) !== "ready");
    return cli;
  }

  async #answer(): Promise<string> {
    const { done, value } = await this.#answers.next();
    if (done) throw new Error("the AWS CLI ended by itself");
    return value;
  }

  /** @returns undefined where the fork was not done in time */
  async run(args: readonly string[], options: ProgramOptions): Promise<Run | undefined> {
    const [stdin, stdout, stderr] = this.#streams;
    for (const [file, text] of [
      [stdin, options.stdin],
      [stdout, ""],
      [stderr, ""],
    ] as const)
      writeFileSync(file, text);
    const job = { args, env: options.env, cwd: options.cwd, streams: this.#streams };
    this.#child.stdin.write(`${JSON.stringify(job)}\n`);
    const code = JSON.parse(await this.#answer()) as number | null;
    if (code === null) return undefined;
    return { code, stdout: readFileSync(stdout), stderr: readFileSync(stderr, "utf8") };
  }

  /** As a program of its own. */
  runWhole(args: readonly string[], options: ProgramOptions): Promise<Run> {
    return runProgram([PROGRAM, ...args], options);
  }
}
