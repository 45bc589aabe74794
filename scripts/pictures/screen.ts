import { spawn } from "node:child_process";

/** What a run left on a terminal of its own, and the states of a line that it wrote over and over. */
export interface Screen {
  readonly lines: readonly string[];
  /** What stood there for a moment only: the progress. */
  readonly frames: readonly string[];
}

/** Applies carriage returns, and `ESC [K`. */
function settle(text: string): Screen {
  const frames: string[] = [];
  const lines = text.split(/\r?\n/).map((line) => {
    const states = line.split("\r\u001b[K");
    frames.push(...states.slice(0, -1).filter((state) => state !== ""));
    return states.at(-1)?.replace(/\r$/, "") ?? "";
  });
  if (lines.at(-1) === "") lines.pop();
  return { lines, frames };
}

/**
 * Runs a command line by `sh` on a pseudo-terminal (util-linux's `script` makes it), whatever its exit code.
 *
 * @param env its whole environment
 */
export async function onTerminal(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Screen> {
  const child = spawn("script", ["-qefc", `stty cols 104; ${command}`, "/dev/null"], {
    cwd,
    env: { ...env, SHELL: "/bin/sh", TERM: "xterm-256color" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => child.once("close", resolve));
  return settle(Buffer.concat(chunks).toString());
}
