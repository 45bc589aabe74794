import type { Context, ReplaceProcess } from "../context.js";
import { commandNotExecutable } from "./failures.js";
import { findCommand } from "./find-command.js";
import { limitBeforeNode, restoreLimit } from "./open-files-limit.js";
import { refusal } from "./refusal.js";
import { surelyRunnable } from "./replaceable.js";

type ChildEnvironment = Readonly<Record<string, string>>;

/**
 * Runs a command in place of this process where Node can do that, else as a child whose end becomes ours. Node closes
 * descriptors that it was started with when it is replaced, so a command that is to have some becomes a child.
 *
 * @param descriptors from 3 up, that the command is to have
 * @returns the exit code to end with; never, when the process is replaced
 * @throws Failure 127 (there is no such command) or 126 (it cannot be run)
 */
export async function runCommand(
  [name = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  descriptors: readonly number[],
  context: Context,
): Promise<number> {
  const file = findCommand(name, env.PATH);
  restoreOpenFilesLimit(env, context);
  context.makeStreamsBlock();
  if (
    context.replaceProcess !== undefined &&
    descriptors.length === 0 &&
    surelyRunnable(file, [name, ...args], env, context.now())
  ) {
    context.debug(`becoming ${file}`);
    become(context.replaceProcess, file, [name, ...args], env);
  }
  const kept = descriptors.length === 0 ? "" : `, with descriptors ${descriptors.join(", ")}`;
  context.debug(`starting ${file}${kept}`);
  const { runChild } = await import("./run-child.js");
  return runChild({ file, name, args, env, descriptors }, context);
}

/** Node 26 throws what execve answers; older ones abort. */
function become(
  replace: ReplaceProcess,
  file: string,
  args: readonly string[],
  env: ChildEnvironment,
): never {
  try {
    return replace(file, args, env);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw commandNotExecutable(args[0] ?? file, refusal(error));
  }
}

function restoreOpenFilesLimit(env: Readonly<Record<string, string>>, context: Context): void {
  const before = limitBeforeNode();
  if (before === undefined) return;
  const restored = restoreLimit(before, env);
  context.debug(
    restored
      ? `soft limit of open files: ${before.soft} again, as before Node raised it`
      : `soft limit of open files: stays as Node raised it from ${before.soft}; there is no prlimit in PATH`,
  );
}
