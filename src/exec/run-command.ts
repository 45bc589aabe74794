import type { Context } from "../context.js";
import { findCommand } from "./find-command.js";
import { surelyRunnable } from "./replaceable.js";

/**
 * Runs a command in place of this process where Node can do that, else as a child whose end becomes ours.
 *
 * @returns the exit code to end with; never, when the process is replaced
 * @throws Failure 127 (there is no such command) or 126 (it cannot be run)
 */
export async function runCommand(
  [name = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  context: Context,
): Promise<number> {
  const file = findCommand(name, env.PATH);
  if (context.replaceProcess !== undefined && surelyRunnable(file, [name, ...args], env)) {
    context.debug(`becoming ${file}`);
    context.replaceProcess(file, [name, ...args], env);
  }
  context.debug(`starting ${file}`);
  const { runChild } = await import("./run-child.js");
  return runChild({ file, name, args, env }, context);
}
