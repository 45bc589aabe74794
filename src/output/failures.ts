import { ExitCode, Failure } from "../failure.js";
import { systemError, wordsFor } from "../system-error.js";

/** The words for what the system answered, by its error code. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is not a folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  EISDIR: "it is a folder",
  EBADF: "no stream of that number is open",
  EAGAIN: "nobody reads from it",
  ENXIO: "there is no such device",
  EBUSY: "it is a mount, and cannot be replaced",
  ESTALE: "its folder was replaced meanwhile",
  ERR_FOLDER_OF_OTHERS:
    "another user can replace a folder on the path, which cannot be prevented without /proc",
};

const HINTS: Readonly<Record<string, string>> = {
  EBUSY:
    "A file that is mounted by itself cannot be replaced: mount its folder, or write next to it and copy.",
  ENOENT: "Create the folder first, or choose another one.",
};

/** A file for secrets could not be written; nothing of it is left. */
export function outputUnwritable(path: string, cause: unknown): Failure {
  const { code, message } = systemError(cause);
  return new Failure("output-unwritable", {
    message: `cannot write ${path}: ${wordsFor(WORDS, code) ?? message}`,
    hint: wordsFor(HINTS, code) ?? "Choose a place that this user may write to.",
    exitCode: ExitCode.other,
    cause,
  });
}

/** Profiles stand in a file that would be replaced whole. */
export function outputHoldsProfiles(path: string, format: string): Failure {
  return new Failure("output-holds-profiles", {
    message: `refusing to replace ${path} with --format ${format}: it holds profiles`,
    hint: "With --format ini, the section is added or replaced, and the others are kept.",
    exitCode: ExitCode.other,
  });
}

export function outputIsFolder(path: string): Failure {
  return new Failure("output-is-folder", {
    message: `cannot write ${path}: it is a folder`,
    hint: "Name a file inside it.",
    exitCode: ExitCode.other,
  });
}

/** A link that another user made stands where secrets are to be written, or on the way there. */
export function plantedLink(path: string): Failure {
  return new Failure("planted-link", {
    message: `refusing to write secrets through ${path}: it is a symbolic link of another user`,
    hint: "Remove the link, or choose a folder that only you can write to.",
    exitCode: ExitCode.other,
  });
}

/** Something that another user made, or that is no file, stands where secrets are to be written. */
export function foreignOutput(path: string, what: string): Failure {
  return new Failure("output-refused", {
    message: `refusing to write secrets to ${path}: it is ${what}`,
    hint: "Remove it, or choose a folder that only you can write to. /dev/stdout, /dev/fd/N, /dev/null and a terminal are accepted.",
    exitCode: ExitCode.other,
  });
}

/** The file that runs is what was named. */
export function outputIsScript(path: string): Failure {
  return new Failure("output-is-script", {
    message: `refusing to write to ${path}: it is the running fetch-creds.js`,
    hint: "Choose another name.",
    exitCode: ExitCode.other,
  });
}
