import { ExitCode, Failure } from "../failure.js";

/** As a shell says it: 127. */
export function commandNotFound(command: string): Failure {
  return new Failure("command-not-found", {
    message: `${command}: command not found`,
    hint: "Is it installed in this image, and in PATH?",
    exitCode: ExitCode.notFound,
  });
}

/** As a shell says it: 126. */
export function commandNotExecutable(command: string, reason: string): Failure {
  return new Failure("command-not-executable", {
    message: `${command}: cannot be run: ${reason}`,
    hint: "Is it a program for this machine, with its execute bit set?",
    exitCode: ExitCode.notExecutable,
  });
}

/** `--refreshable` with keys from a file: there is nothing that a program could ask again. */
export function notRefreshable(source: string): Failure {
  return new Failure("not-refreshable", {
    message: `--refreshable needs a credential endpoint, but the credentials come from ${source}`,
    hint: "Leave --refreshable out: the keys are then put into the environment.",
    exitCode: ExitCode.configuration,
  });
}
