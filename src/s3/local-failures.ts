import { ExitCode, Failure } from "../failure.js";
import { printable, shortened } from "../output/printable.js";
import { systemError, wordsFor } from "../system-error.js";

/** What the system's codes mean for a file, and the fix. */
const REASONS: Readonly<Record<string, readonly [id: string, what: string, hint?: string]>> = {
  ENOSPC: [
    "local-disk-full",
    "the disk is full",
    "Free some space: the file was not written, and what was there is untouched.",
  ],
  EDQUOT: [
    "local-disk-full",
    "the disk quota is used up",
    "Free some space: the file was not written, and what was there is untouched.",
  ],
  EFBIG: ["local-disk-full", "the file system cannot hold a file of that size"],
  EACCES: [
    "local-denied",
    "permission denied",
    "Check the owner and mode of the file and its folder, and the USER of the build stage.",
  ],
  EPERM: [
    "local-denied",
    "not permitted",
    "Check the owner and mode of the file and its folder, and the USER of the build stage.",
  ],
  EROFS: ["local-denied", "the file system is read-only", "Copy to a folder that is mounted writable."],
  ENOENT: ["local-missing", "no such file or folder"],
  EBADF: ["local-missing", "no stream of that number is open"],
  ENOTDIR: [
    "folder-is-file",
    "a part of the path is a file, not a folder",
    "Remove or rename that file, or copy elsewhere.",
  ],
  EISDIR: ["local-is-folder", "it is a folder", "A file cannot take the place of a folder."],
  ENOTEMPTY: ["local-is-folder", "it is a folder", "A file cannot take the place of a folder."],
  EEXIST: [
    "folder-is-file",
    "a file is where a folder is needed",
    "Remove or rename that file, or copy elsewhere.",
  ],
  ENAMETOOLONG: ["local-name-too-long", "the name is too long for the file system"],
  EMFILE: [
    "local-too-many-files",
    "too many open files",
    "Raise the limit (ulimit -n), or give --concurrency a smaller number.",
  ],
  ENFILE: ["local-too-many-files", "too many open files in the whole system"],
  ELOOP: ["local-denied", "a symbolic link stands where none may"],
  EILSEQ: ["local-failed", "a symbolic link leads to a name that is not UTF-8"],
  ERR_FOLDER_OF_OTHERS: [
    "folder-of-others",
    "another user can replace a folder on the path, which cannot be prevented without /proc",
    "Copy to or from a folder below which only you and root may write, or mount /proc.",
  ],
  EIO: ["local-failed", "the disk reported an error"],
  ERR_ACCESS_DENIED: [
    "local-denied",
    "Node's permission model forbids it",
    "Start node with --allow-fs-read and --allow-fs-write, or without --permission.",
  ],
};

/** A file of the user's could not be read or written: one line with the path and the system's reason. */
export function localFailure(action: "read" | "write", path: string, error: unknown): unknown {
  const { code, syscall } = systemError(error);
  // Node's own refusal is no system call's.
  if (code === undefined || (syscall === undefined && code !== "ERR_ACCESS_DENIED")) return error;
  const [id, what, hint] = wordsFor(REASONS, code) ?? ["local-failed", shortened(printable(code))];
  return new Failure(id, {
    message: `Cannot ${action} ${printable(path)}: ${what} (${shortened(printable(code))})`,
    hint,
    exitCode: ExitCode.failed,
    cause: error,
  });
}

/** Nothing has been done yet. */
export const tooFewDescriptors = (cause: unknown): Failure =>
  new Failure("local-too-few-descriptors", {
    message: "ulimit -n is too low: it leaves less than a connection, a folder and a file need.",
    hint: "Raise the limit of open files: `ulimit -n 1024` in the same RUN, or docker build --ulimit nofile=1024:1024.",
    exitCode: ExitCode.other,
    cause,
  });
