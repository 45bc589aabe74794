import { Failure } from "../failure.js";
import { systemError } from "../system-error.js";
import { printable } from "./printable.js";
import {
  forbiddenByNode,
  internalError,
  outOfMemory,
  systemRefused,
  workingFolderGone,
} from "./surrounding-failures.js";

const OUT_OF_MEMORY = /^(?:ERR_MEMORY_ALLOCATION_FAILED|Array buffer allocation failed)$/;

/** What can go wrong anywhere, since it lies in how this process was started. Undefined: something else. */
function surroundingFailure(error: unknown): Failure | undefined {
  const { code, syscall, message } = systemError(error);
  if (code === "ENOENT" && syscall === "uv_cwd") return workingFolderGone(error);
  if (code === "ERR_ACCESS_DENIED") return forbiddenByNode(printable(message), error);
  if (OUT_OF_MEMORY.test(code ?? message)) return outOfMemory(error);
  // A system call that failed where nothing better is known of it: no code of ours has chosen that answer.
  if (syscall !== undefined && /^E[A-Z0-9]+$/.test(code ?? ""))
    return systemRefused(printable(message), error);
  return undefined;
}

/** Whatever was thrown, as its user reads it: what nobody has words for is a bug of ours. */
export function anyFailure(error: unknown): Failure {
  return error instanceof Failure ? error : (surroundingFailure(error) ?? internalError(error));
}
