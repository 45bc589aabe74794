import { ExitCode, Failure } from "../failure.js";
import { systemError } from "../system-error.js";
import { printable } from "./printable.js";

/** A folder was removed, or never mounted, in which this process was started. */
export function workingFolderGone(cause: unknown): Failure {
  return new Failure("working-folder-gone", {
    message: "the working folder does not exist any more",
    hint: "Change to one that does (cd, WORKDIR).",
    exitCode: ExitCode.other,
    cause,
  });
}

/** Checksums are computed, and some answers read, by WebAssembly, which Node has not with --jitless. */
export function noWebAssembly(): Failure {
  return new Failure("no-web-assembly", {
    message: "this Node has no WebAssembly, which copies need",
    hint: "Start node without --jitless.",
    exitCode: ExitCode.other,
  });
}

/** @param what Node's own words, which name the option that would allow it */
export function forbiddenByNode(what: string, cause: unknown): Failure {
  return new Failure("forbidden-by-node", {
    message: `Node's permission model does not allow this: ${what}`,
    hint: "Start node without --permission, or with the option named.",
    exitCode: ExitCode.other,
    cause,
  });
}

/** A system call failed in a place that has no words of its own for it. */
export function systemRefused(message: string, cause: unknown): Failure {
  return new Failure("system-refused", {
    message: `the system does not allow this: ${message}`,
    hint: "The code in capitals is the system's; --debug shows what was done before.",
    exitCode: ExitCode.other,
    cause,
  });
}

export function outOfMemory(cause: unknown): Failure {
  return new Failure("out-of-memory", {
    message: "there is not enough memory",
    hint: "Give the build more, or --part-size and --concurrency smaller numbers.",
    exitCode: ExitCode.other,
    cause,
  });
}

/** A bug of ours. */
export function internalError(error: unknown): Failure {
  return new Failure("internal-error", {
    message: `internal error: ${printable(systemError(error).message)}`,
    hint: "Please report it, with the output of --debug.",
    exitCode: ExitCode.other,
    cause: error,
  });
}

/** Standard output could not be written, and not because its reader had enough. */
export function outputLost(cause: Error): Failure {
  return new Failure("output-lost", {
    message: `cannot write to standard output: ${cause.message}`,
    hint: "Is the disk full, or was it closed (>&-)?",
    exitCode: ExitCode.other,
    cause,
  });
}
