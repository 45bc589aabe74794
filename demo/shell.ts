import { spawn } from "node:child_process";

/** What a typed command gave. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A shell in the demo's folder. It shows each command as a reader would type it, and what came of it. */
export class DemoShell {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /** Says what comes next. */
  say(text: string): void {
    console.log(`\n# ${text}`);
  }

  /**
   * Runs a command line with `sh`, prints it and its output, and checks the outcome.
   *
   * @param check throws when the outcome is not as it should be
   * @param exitCode that it has to end with; one that is not 0 is printed
   */
  async type(command: string, check: (outcome: Outcome) => void, exitCode = 0): Promise<void> {
    console.log(`\n$ ${command}`);
    const outcome = await this.#run(command);
    process.stdout.write(outcome.output);
    if (outcome.code !== exitCode) throw new Error(`exit code ${outcome.code}, expected ${exitCode}`);
    if (exitCode !== 0) console.log(`exit code ${exitCode}`);
    check(outcome);
  }

  #run(command: string): Promise<Outcome> {
    const child = spawn("sh", ["-c", command], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }));
    });
  }
}
