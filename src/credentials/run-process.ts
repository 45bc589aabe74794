import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { isatty } from "node:tty";
import type { Context } from "../context.js";

/** Far above what credentials can be. */
const LONGEST_OUTPUT = 64 * 1024;

/** How long a process that was told to end may take until it is killed, ms. */
const GRACE_MS = 1000;

/** What came of a process. */
export type ProcessEnd =
  | {
      readonly kind: "ended";
      readonly ending: number | NodeJS.Signals;
      readonly stdout: Buffer;
      readonly stderr: string;
    }
  | { readonly kind: "not-run"; readonly cause: unknown }
  | { readonly kind: "too-long" }
  | { readonly kind: "timeout" }
  | { readonly kind: "interrupted"; readonly signal: NodeJS.Signals };

/** The bytes of a stream; where there are more than `limit`, that is told, and they are not kept. */
function collect(stream: NodeJS.ReadableStream | null, limit: number, beyond: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > limit) beyond();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

/** The last bytes of a stream, at most `limit`; what is longer begins with a whole line. */
function collectEnd(stream: NodeJS.ReadableStream | null, limit: number): () => Buffer {
  let kept = Buffer.alloc(0);
  let isCut = false;
  stream?.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length <= limit) return;
    isCut = true;
    kept = kept.subarray(-limit);
  });
  // Half a secret is not known as one.
  return () => (isCut ? kept.subarray(kept.indexOf("\n") + 1 || kept.length) : kept);
}

/**
 * Ends a process and what it has started: by SIGTERM, so that it can tidy up, and then by SIGKILL.
 *
 * @param send  sends them the signal
 */
function endProcess(child: ChildProcess, send: (signal: NodeJS.Signals) => void): Promise<void> {
  return new Promise((resolve) => {
    const kill = setTimeout(() => send("SIGKILL"), GRACE_MS);
    const gone = () => {
      clearTimeout(kill);
      // Whoever is left of its group has been told.
      send("SIGKILL");
      // Where somebody else still holds them.
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) return gone();
    child.once("exit", gone);
    send("SIGTERM");
  });
}

/**
 * Runs a command without a shell and collects what it prints. It has our environment. A terminal as standard input it has as
 * well, to ask for a code; anything else there is not for it: an object that is copied from `-`, say. Whatever ends us ends
 * it first, and so does `budgetMs`: with what it has started, where it has no terminal to lose and can lead a group.
 *
 * @returns when it has ended, and its streams are closed
 */
export function runProcess(
  [file = "", ...args]: readonly string[],
  budgetMs: number,
  { env, onSignal, atExit, signalGroup }: Pick<Context, "env" | "onSignal" | "atExit" | "signalGroup">,
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    let isOver = false;
    const detached = ![0, 1, 2].some((stream) => isatty(stream));
    const send = (signal: NodeJS.Signals) => {
      if (detached && child?.pid !== undefined) signalGroup(child.pid, signal);
      else child?.kill(signal);
    };
    const finish = async (end: ProcessEnd) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      if (child?.pid !== undefined && end.kind !== "ended") await endProcess(child, send);
      release();
      forget();
      resolve(end);
    };
    // Before it is started: a signal in between would end us and leave it alone.
    const release = onSignal((signal) => void finish({ kind: "interrupted", signal }));
    // Where nobody waits for it any more: at the end of a copy that was renewing its keys.
    const forget = atExit(() => send("SIGKILL"));
    const timer = setTimeout(() => void finish({ kind: "timeout" }), budgetMs);
    try {
      const stdio: StdioOptions = [isatty(0) ? "inherit" : "ignore", "pipe", "pipe"];
      child = spawn(file, args, { env: env as NodeJS.ProcessEnv, stdio, detached });
    } catch (cause) {
      void finish({ kind: "not-run", cause });
      return;
    }
    const stdout = collect(child.stdout, LONGEST_OUTPUT, () => void finish({ kind: "too-long" }));
    const stderr = collectEnd(child.stderr, LONGEST_OUTPUT);
    child.on("error", (cause) => {
      // A failed kill is an error event, too.
      if (child?.pid === undefined) void finish({ kind: "not-run", cause });
    });
    child.on("close", (code, signal) => {
      // Node always tells one of the two.
      const ending = (signal ?? code) as number | NodeJS.Signals;
      void finish({ kind: "ended", ending, stdout: stdout(), stderr: stderr().toString("utf8") });
    });
  });
}
