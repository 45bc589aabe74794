import { ExitCode, Failure } from "../../failure.js";
import { printable } from "../../output/printable.js";

/** @param name of the inner place, relative to the outer one; empty when they are the same */
export function placesOverlap(source: string, target: string, name: string): Failure {
  return new Failure("sync-overlap", {
    message: `sync --delete from ${printable(source)} to ${printable(target)}: one is in the other`,
    hint:
      name === ""
        ? "They are the same place: there is nothing to do."
        : `It would delete or copy what it has just written: add --exclude '${printable(name)}*', or leave out --delete.`,
    exitCode: ExitCode.usage,
  });
}

/** What stands before the first wildcard, as a folder, and the pattern below it. */
function cutAtWildcard(uri: string): readonly [folder: string, pattern: string] | undefined {
  const [, folder, pattern = ""] = /^(s3:\/\/(?:[^*?]*\/)?)([^/]*[*?].*?)\/?$/s.exec(uri) ?? [];
  return folder === undefined ? undefined : [printable(folder), printable(pattern)];
}

/** Nothing is below the prefix that was to be copied. */
export function emptySource(uri: string): Failure {
  const [folder, pattern] = cutAtWildcard(uri) ?? [];
  return new Failure("s3-source-empty", {
    message: `${printable(uri)} is empty: nothing was copied`,
    hint:
      folder === undefined
        ? "Is the prefix spelled right? It is read as a folder: s3://BUCKET/a means the keys below a/. To copy one object, use cp without --recursive."
        : `Wildcards are not expanded here: use ${folder} with --exclude '*' --include '${pattern}'.`,
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
        ? "Keys are case-sensitive: check the prefix."
        : `ls does not expand wildcards. To see what matches: cp ${folder} . --recursive --exclude '*' --include '${pattern}' --dryrun`,
    exitCode: ExitCode.failed,
  });
}

export function nothingMatches(uri: string): Failure {
  return new Failure("s3-nothing-matches", {
    message: `no object matches ${printable(uri)}`,
    hint: "* and ? are wildcards in a source URI. If they are part of the key, add --raw.",
    exitCode: ExitCode.failed,
  });
}

export function caseConflict(source: string, destination: string): Failure {
  return new Failure("case-conflict", {
    message: `Failed to download ${printable(source)} -> ${printable(destination)} because a file whose name differs only by case either exists or is being downloaded.`,
    hint: "To continue instead, use --case-conflict skip or warn.",
    exitCode: ExitCode.failed,
  });
}

/** What runs is not replaced or deleted by what it brings. */
export function isRunningScript(path: string): Failure {
  return new Failure("running-script", {
    message: `${printable(path)} is the running fetch-creds.js: it is not replaced or deleted`,
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
    message: `${printable(uri)} ends in a slash, like a folder`,
    hint: "To copy everything below it, add --recursive. To copy an object with exactly this key, give the destination a file name.",
    exitCode: ExitCode.failed,
  });
}

export function isFolder(path: string): Failure {
  return new Failure("source-is-folder", {
    message: `${printable(path)} is a folder`,
    hint: "To copy what is in it, add --recursive.",
    exitCode: ExitCode.failed,
  });
}

export function nothingBelow(uri: string): Failure {
  const [folder, pattern] = cutAtWildcard(uri) ?? [];
  return new Failure("cache-key-of-nothing", {
    message: `${printable(uri)} names no object, and nothing is below it`,
    hint:
      folder === undefined
        ? "A cache key of nothing would never change: check the bucket and the prefix."
        : `Wildcards are not expanded here: use ${folder} with --exclude '*' --include '${pattern}'.`,
    exitCode: ExitCode.failed,
  });
}

export function withoutETag(uri: string): Failure {
  return new Failure("cache-key-without-etag", {
    message: `${printable(uri)} has no ETag, so a change of its contents would not be noticed`,
    hint: "This store sends no ETags: use another way to tell when the objects change.",
    exitCode: ExitCode.failed,
  });
}

export function nothingLeft(): Failure {
  return new Failure("cache-key-of-nothing", {
    message: "--exclude and --include leave no object",
    hint: "A cache key of nothing would never change. The last matching rule counts: write --exclude first.",
    exitCode: ExitCode.failed,
  });
}
