import type { Context, ReplaceProcess } from "../context.js";
import { commandNotExecutable } from "./failures.js";
import { findCommand } from "./find-command.js";
import { ignoring } from "./ignored-signals.js";
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
  env: ChildEnvironment,
  descriptors: readonly number[],
  context: Context,
): Promise<number> {
  const file = findCommand(name, env.PATH);
  const sure = surelyRunnable(file, [name, ...args], env, context.now());
  const by = (sure ? throughEnv([name, ...args], env, context) : undefined) ?? {
    file,
    args: [name, ...args],
  };
  context.makeStreamsBlock();
  const replacing = context.replaceProcess !== undefined && descriptors.length === 0 && sure;
  restoreOpenFilesLimit(replacing ? 0 : LEAST_TO_START_A_CHILD + descriptors.length, env, context);
  if (context.replaceProcess !== undefined && replacing) {
    context.debug(`becoming ${file}`);
    become(context.replaceProcess, by, env, name);
  }
  const kept = descriptors.length === 0 ? "" : `, with descriptors ${descriptors.join(", ")}`;
  context.debug(`starting ${file}${kept}`);
  const { runChild } = await import("./run-child.js");
  const [argv0 = "", ...rest] = by.args;
  return runChild({ file: by.file, name: argv0, args: rest, env, descriptors }, context);
}

function throughEnv(command: readonly string[], env: ChildEnvironment, context: Context) {
  const by = ignoring(command, env);
  if (by !== undefined) context.debug(`ignored as before Node reset them: signals ${by.signals.join(", ")}`);
  return by;
}

/** Node 26 throws what execve answers; older ones abort. */
function become(
  replace: ReplaceProcess,
  { file, args }: { readonly file: string; readonly args: readonly string[] },
  env: ChildEnvironment,
  name: string,
): never {
  try {
    return replace(file, args, env);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw commandNotExecutable(name, refusal(error));
  }
}

/** Node itself has some twenty descriptors open, and needs a few more to start a child. */
const LEAST_TO_START_A_CHILD = 64;

/** @param least  where the limit was lower, it stays raised */
function restoreOpenFilesLimit(least: number, env: ChildEnvironment, context: Context): void {
  const before = limitBeforeNode();
  if (before === undefined || before.soft < least) return;
  const restored = restoreLimit(before, env);
  context.debug(
    restored
      ? `soft limit of open files: ${before.soft} again, as before Node raised it`
      : `soft limit of open files: stays as Node raised it from ${before.soft}; there is no prlimit in PATH`,
  );
}
