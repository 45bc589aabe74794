import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, copyFileSync } from "node:fs";
import { afterAll } from "vitest";
import { BUILT_FILE } from "./built-file.js";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.js";

export interface RunOptions {
  /** The whole environment but PATH, which is taken over from ours, and HOME, where nothing is; unless they are given here. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed; without it standard input is empty. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** The program is killed after so many milliseconds (default 60 s); the result then has `timedOut`. */
  readonly timeoutMs?: number;
  /** The Node that runs the file; by default that of FETCH_CREDS_NODE, or the one that runs the test. */
  readonly node?: string;
  /** Options for Node itself, before the file's path. */
  readonly nodeOptions?: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunResult {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes, for objects that go to `-`. */
  readonly stdoutBytes: Buffer;
  readonly timedOut: boolean;
}

export interface RunningBuilt {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<RunResult>;
}

function environment(given: RunOptions["env"]): NodeJS.ProcessEnv {
  const all: Record<string, string | undefined> = { PATH: process.env.PATH, HOME: "/nonexistent", ...given };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** What asks an instance for its role says where a stand-in for it is: nothing is sent to the real address. */
function checkInstance(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const asks = args
    .slice(0, args.includes("--") ? args.indexOf("--") : args.length)
    .includes("--instance-role");
  if (asks && !env.AWS_EC2_METADATA_SERVICE_ENDPOINT && !env.AWS_EC2_METADATA_DISABLED)
    throw new Error("--instance-role without a stand-in for the instance");
}

let forOthers: TemporaryFolder | undefined;

// Of the test file that imports this module: each has its own. A worker is ended before its handlers of the exit run.
afterAll(() => forOthers?.remove());

/** A copy of the file that another user can read, wherever this clone lies. */
function fileForOthers(): string {
  if (forOthers === undefined) {
    forOthers = temporaryFolder();
    chmodSync(forOthers.path, 0o755);
    copyFileSync(BUILT_FILE, forOthers.at("fetch-creds.js"));
    chmodSync(forOthers.at("fetch-creds.js"), 0o644);
  }
  return forOthers.at("fetch-creds.js");
}

/** Starts the built file and leaves it running; `finished` resolves when it has ended and its streams are closed. */
export function startBuilt(args: readonly string[], options: RunOptions = {}): RunningBuilt {
  const env = environment(options.env);
  checkInstance(args, env);
  const child = spawn(
    options.node ?? process.env.FETCH_CREDS_NODE ?? process.execPath,
    [...(options.nodeOptions ?? []), options.uid === undefined ? BUILT_FILE : fileForOthers(), ...args],
    {
      env,
      stdio: "pipe",
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    },
  );
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that ends without reading its input is its own business.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, options.timeoutMs ?? 60_000);
  const finished = new Promise<RunResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(limit);
      const stdoutBytes = Buffer.concat(stdout);
      resolve({
        code,
        signal,
        stdout: stdoutBytes.toString(),
        stderr: Buffer.concat(stderr).toString(),
        stdoutBytes,
        timedOut,
      });
    });
  });
  return { child, finished };
}

/** Runs the built file to its end. Never rejects for an exit code: the test looks at it. */
export function runBuilt(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return startBuilt(args, options).finished;
}
