import { ExitCode, Failure } from "../../failure.js";
import { printable } from "../../output/printable.js";

export function unsortedListing(before: string, after: string): Failure {
  return new Failure("s3-listing-unsorted", {
    message: `the server listed ${printable(after)} after ${printable(before)}: not in the order of keys`,
    hint: "Trees are compared in that order; nothing was deleted. cp --recursive works without it.",
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
