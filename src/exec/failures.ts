import { ExitCode, Failure } from "../failure.js";
import { shellHint } from "./shell-syntax.js";

/** The name of a command; of an assignment in its place the variable alone, since the value may be a secret. */
function shownName(command: string): string {
  return command === "" ? "''" : command.replace(/^([A-Za-z_][A-Za-z0-9_]*\+?=).+$/s, "$1…");
}

/** As a shell says it: 127. */
export function commandNotFound(command: string): Failure {
  return new Failure("command-not-found", {
    message: `${shownName(command)}: command not found`,
    hint: shellHint(command) ?? "Is it installed in this image, and in PATH?",
    exitCode: ExitCode.notFound,
  });
}

/** As a shell says it: 126. */
export function commandNotExecutable(command: string, reason: string): Failure {
  return new Failure("command-not-executable", {
    message: `${command}: cannot be run: ${reason}`,
    hint: shellHint(command) ?? "Is it a program for this machine, and is it executable (chmod +x)?",
    exitCode: ExitCode.notExecutable,
  });
}
