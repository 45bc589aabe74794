import { PassThrough, Writable } from "node:stream";
import type { Context, Environment } from "../../src/context.js";

/** What a stream was given. */
class Sink extends Writable {
  text = "";
  isTTY = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface TestContext extends Context {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly steps: string[];
}

/** A world in which nothing is real: 2026-01-01, no waiting, no secrets folder, streams that remember. */
export function testContext(env: Environment = {}, changes: Partial<Context> = {}): TestContext {
  const steps: string[] = [];
  const stdout = new Sink();
  return {
    env,
    stdin: new PassThrough(),
    stdout,
    stderr: new Sink(),
    print: (answer) => stdout.write(answer),
    now: () => Date.UTC(2026, 0, 1),
    random: () => 0.5,
    sleep: async () => undefined,
    secretsFolder: "/proc/nowhere",
    onSignal: () => () => undefined,
    atExit: () => () => undefined,
    suspend: () => undefined,
    makeStreamsBlock: () => undefined,
    debug: (step) => steps.push(step),
    debugging: true,
    scriptPath: import.meta.filename,
    nodeVersion: "v20.19.0",
    pid: 4711,
    signalGroup: (id, signal) => {
      try {
        process.kill(-id, signal);
      } catch {
        // It is gone.
      }
    },
    isRunning: () => false,
    uid: process.getuid?.(),
    steps,
    ...changes,
  } as TestContext;
}
