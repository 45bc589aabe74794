import { accessSync, constants, statSync } from "node:fs";
import { commandNotExecutable, commandNotFound } from "./failures.js";
import { refusal } from "./refusal.js";

/** What execvp searches when PATH is not set (confstr _CS_PATH). */
const DEFAULT_PATH = "/bin:/usr/bin";

/** Why a file cannot be run; undefined when it can; "missing" when it is not there. */
function obstacle(path: string): string | undefined {
  try {
    if (statSync(path).isDirectory()) return "it is a folder";
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return code === "EPERM" ? "permission denied" : refusal(error);
  }
}

/**
 * The file that a command names, as a shell finds it: with a slash it is a path, else the first of PATH that can be run.
 *
 * @throws Failure 127 when there is none, 126 when there is one that cannot be run
 */
export function findCommand(command: string, path: string | undefined): string {
  if (command === "") throw commandNotFound(command);
  const places = command.includes("/")
    ? [command]
    : (path ?? DEFAULT_PATH)
        .split(":")
        .map((folder) => (folder === "" ? `./${command}` : `${folder}/${command}`));
  let found: string | undefined;
  for (const place of places) {
    const why = obstacle(place);
    if (why === undefined) return place;
    if (why !== "missing") found ??= why;
  }
  throw found === undefined ? commandNotFound(command) : commandNotExecutable(command, found);
}
