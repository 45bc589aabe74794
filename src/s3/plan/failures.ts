import { ExitCode, Failure } from "../../failure.js";
import { printable } from "../../output/printable.js";

/** @param name of the inner place, relative to the outer one; empty when they are the same */
export function placesOverlap(source: string, target: string, name: string): Failure {
  return new Failure("sync-overlap", {
    message: `sync --delete from ${printable(source)} to ${printable(target)}: one is in the other`,
    hint:
      name === ""
        ? "They are the same place: there is nothing to do."
        : `It would delete or copy its own work: keep them apart with --exclude '${printable(name)}*', or leave out --delete.`,
    exitCode: ExitCode.usage,
  });
}

/** What stands before the first wildcard, as a folder, and the pattern below it. */
function cutAtWildcard(uri: string): readonly [folder: string, pattern: string] | undefined {
  const [, folder, pattern] = /^(s3:\/\/(?:[^*?]*\/)?)([^/]*[*?].*?)\/?$/s.exec(uri) ?? [];
  return folder === undefined || pattern === undefined ? undefined : [printable(folder), printable(pattern)];
}

/** Nothing is below the prefix that was to be copied. */
export function emptySource(uri: string): Failure {
  const [folder, pattern] = cutAtWildcard(uri) ?? [];
  return new Failure("s3-source-empty", {
    message: `${printable(uri)} is empty: nothing was copied`,
    hint:
      folder === undefined
        ? "Is the prefix spelled right? It is read as a folder: s3://BUCKET/a means the keys below a/. One object: cp without --recursive."
        : `A folder's name has no wildcards: ${folder} with --exclude '*' --include '${pattern}'.`,
    exitCode: ExitCode.failed,
  });
}

/** `ls` of what is not there. */
export function nothingListed(uri: string): Failure {
  const [folder, pattern] = cutAtWildcard(uri) ?? [];
  return new Failure("s3-nothing-listed", {
    message: `no key begins with ${printable(uri)}`,
    hint:
      folder === undefined
        ? "Keys are compared letter for letter."
        : `ls has no wildcards: cp ${folder} . --recursive --exclude '*' --include '${pattern}' --dryrun shows what fits.`,
    exitCode: ExitCode.failed,
  });
}

export function nothingMatches(uri: string): Failure {
  return new Failure("s3-nothing-matches", {
    message: `no object matches ${printable(uri)}`,
    hint: "* and ? are wildcards in a source URI; --raw takes them as they are.",
    exitCode: ExitCode.failed,
  });
}

export function caseConflict(source: string, destination: string): Failure {
  return new Failure("case-conflict", {
    message: `Failed to download ${printable(source)} -> ${printable(destination)} because a file whose name differs only by case either exists or is being downloaded.`,
    hint: "--case-conflict skip or warn goes on instead.",
    exitCode: ExitCode.failed,
  });
}

/** What runs is not replaced or deleted by what it brings. */
export function isRunningScript(path: string): Failure {
  return new Failure("running-script", {
    message: `${printable(path)} is the running fetch-creds.js: it is left as it is`,
    hint: "Copy elsewhere, leave the object out with --exclude, or run fetch-creds.js from another place.",
    exitCode: ExitCode.failed,
  });
}

/** A fifo or a device that another user made is where a download was to go. */
export function streamOfAnother(path: string): Failure {
  return new Failure("foreign-stream", {
    message: `${printable(path)} is a fifo or device of another user: nothing is written to it`,
    hint: "Choose a folder that only you can write to.",
    exitCode: ExitCode.failed,
  });
}

/** A key such as `a/` gives a file or a copy no name. */
export function isFolderKey(uri: string): Failure {
  return new Failure("source-is-folder-key", {
    message: `${printable(uri)} ends in a slash, as a folder's name`,
    hint: "Add --recursive to copy what is below it; an object of that very key needs a name as its target.",
    exitCode: ExitCode.failed,
  });
}

export function isFolder(path: string): Failure {
  return new Failure("source-is-folder", {
    message: `${printable(path)} is a folder`,
    hint: "Add --recursive to copy what is in it.",
    exitCode: ExitCode.failed,
  });
}

export function nothingBelow(uri: string): Failure {
  const [folder, pattern] = cutAtWildcard(uri) ?? [];
  return new Failure("cache-key-of-nothing", {
    message: `${printable(uri)} names no object, and nothing is below it`,
    hint:
      folder === undefined
        ? "A key of nothing would never change: check the bucket and the prefix."
        : `A prefix has no wildcards: ${folder} with --exclude '*' --include '${pattern}'.`,
    exitCode: ExitCode.failed,
  });
}

export function withoutETag(uri: string): Failure {
  return new Failure("cache-key-without-etag", {
    message: `${printable(uri)} has no ETag: the server does not tell what is in it`,
    hint: "A key of names and sizes would not change with the contents.",
    exitCode: ExitCode.failed,
  });
}

export function nothingLeft(): Failure {
  return new Failure("cache-key-of-nothing", {
    message: "the filters leave no object",
    hint: "A key of nothing would never change: check --exclude and --include; the last one that matches counts.",
    exitCode: ExitCode.failed,
  });
}
