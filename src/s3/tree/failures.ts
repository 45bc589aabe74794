import { ExitCode, Failure } from "../../failure.js";
import { printable } from "../../output/printable.js";

export function unsortedListing(before: string, after: string): Failure {
  return new Failure("s3-listing-unsorted", {
    message: `the server listed ${printable(after)} after ${printable(before)}: its listing is not sorted`,
    hint: "sync compares sorted listings, so nothing was deleted. cp --recursive does not need them.",
    exitCode: ExitCode.failed,
  });
}

/** A link on the way to a local path that neither we nor root have made. */
export function linkOfAnother(path: string): Failure {
  return new Failure("foreign-link", {
    message: `${printable(path)} is a symbolic link of another user: nothing is read or written through it`,
    hint: "Name the folder or file it leads to, or remove the link.",
    exitCode: ExitCode.failed,
  });
}

/** Something else stood where a file was to be read. */
export function notRegular(path: string): Failure {
  return new Failure("source-not-regular", {
    message: `Cannot read ${printable(path)}: it is not a regular file`,
    hint: "It was one when the folder was listed: something else writes there. To copy a stream, use -.",
    exitCode: ExitCode.failed,
  });
}

export function folderRefused(path: string, link: boolean): Failure {
  return new Failure(link ? "folder-is-link" : "folder-is-file", {
    message: `${printable(path)} is ${link ? "a symbolic link" : "a file"}, not a folder: nothing is written through it`,
    hint: link ? "Name the folder it leads to as the destination, or remove the link." : undefined,
    exitCode: ExitCode.failed,
  });
}
