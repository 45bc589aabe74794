import type { Failure } from "../failure.js";
import { forbiddenByNode, workingFolderGone } from "./failures.js";

/** What can go wrong anywhere, since it lies in how this process was started. Undefined: something else. */
export function surroundingFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" && syscall === "uv_cwd") return workingFolderGone(error);
  if (code === "ERR_ACCESS_DENIED") return forbiddenByNode(message, error);
  return undefined;
}
