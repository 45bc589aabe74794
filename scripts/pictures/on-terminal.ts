import { spawn } from "node:child_process";
import { inRoot } from "../../test/support/forky/root.js";
import { type Row, Screen, textOf } from "./screen.js";

/** As wide as a picture is: no more than can be read on a phone. And high enough that BuildKit leaves out no line. */
export const COLUMNS = 84;
const ROWS = 50;

/** After so long without output what stands there is what one sees. */
const STILL_MS = 15;

/** A command line as somebody typed it, each of its lines in a row of its own. */
function typed(command: string): string {
  const [first, ...others] = command.split("\n");
  const rows = [`\u001b[32m$\u001b[0m\u001b[1m ${first}`, ...others.map((line) => `> ${line}`)];
  return `${rows.join("\r\n")}\u001b[0m\r\n`;
}

/**
 * Runs a command line by `sh` on a pseudo-terminal (util-linux's `script` makes it), whatever its exit code.
 *
 * @param env its whole environment
 * @param shown what stands there as typed
 * @param root a root of Debian's testing suite that it runs in; the machine's own by default
 * @returns what stood on the terminal, one after the other; what is left at the end is last
 */
export async function onTerminal(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  shown = command,
  root?: string,
): Promise<Row[][]> {
  const typescript = ["script", "-qefc", `stty cols ${COLUMNS} rows ${ROWS}; ${command}`, "/dev/null"];
  const [program, ...args] = [...inRoot(root), ...typescript];
  const child = spawn(program!, args, {
    cwd,
    env: { ...env, SHELL: "/bin/sh", TERM: "xterm-256color" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const screen = new Screen(COLUMNS);
  screen.write(typed(shown));
  const frames: Row[][] = [];
  let still: NodeJS.Timeout | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen.write(text);
    clearTimeout(still);
    still = setTimeout(() => frames.push(screen.rows()), STILL_MS);
  });
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(still);
  return [...frames, screen.rows()];
}

/** The middle one of the frames in which a copy says how far it is. */
export function halfWay(frames: readonly Row[][]): Row[] {
  const copying = frames.filter((rows) => / of .*\/s, .* left$/m.test(textOf(rows)));
  const middle = copying[Math.floor(copying.length / 2)];
  if (middle === undefined) throw new Error("nothing was seen of the copy's progress");
  return middle;
}
