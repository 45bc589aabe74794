import { ExitCode, Failure } from "../failure.js";
import { shellHint } from "./shell-syntax.js";

/** As a shell says it: 127. */
export function commandNotFound(command: string): Failure {
  return new Failure("command-not-found", {
    message: `${command === "" ? "''" : command}: command not found`,
    hint: shellHint(command) ?? "Is it installed in this image, and in PATH?",
    exitCode: ExitCode.notFound,
  });
}

/** As a shell says it: 126. */
export function commandNotExecutable(command: string, reason: string): Failure {
  return new Failure("command-not-executable", {
    message: `${command}: cannot be run: ${reason}`,
    hint: shellHint(command) ?? "Is it a program for this machine, with its execute bit set?",
    exitCode: ExitCode.notExecutable,
  });
}
