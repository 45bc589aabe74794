import type { Difference, Expectation, ParityLine } from "../line.js";

/** Nothing was listed: nothing is copied, deleted or made. */
export function emptySource(more: Difference["in"] = [], ours: Expectation = {}): { differs: Difference } {
  return {
    differs: {
      why: "empty-source",
      in: ["code", ...more],
      ours: { code: 1, stdout: [], stderr: /is empty: nothing was copied/, ...ours },
    },
  };
}

/** A folder could not be read: both warn, and ours deletes nothing. */
export function keepsAll(): { differs: Difference } {
  const ours = {
    code: 2,
    stdout: [],
    stderr: /Nothing was deleted, because the folder \S+ could not be read/,
  };
  return { differs: { why: "unread-keeps", in: ["stdout", "objects"], ours } };
}

/** One place of a bucket in the other. */
export function refusedInside(): Pick<ParityLine, "differs" | "ignore"> {
  const ours = { code: 252, stdout: [], stderr: /one is in the other/ };
  return {
    differs: { why: "places-apart", in: ["code", "stdout", "objects"], ours },
    ignore: { stderr: "how many copies the AWS CLI loses depends on time" },
  };
}

/** The target folder, which the AWS CLI makes in any case, is not there. */
export function noFolder(ours: Expectation = {}): { differs: Difference } {
  return { differs: { why: "no-empty-folders", in: ["files"], ours: { files: {}, ...ours } } };
}

/** Refused as a wrong command line, with these words; `more` is what the AWS CLI shows besides. */
export function wrongValue(stderr: RegExp, more: Difference["in"] = []): { differs: Difference } {
  return { differs: { why: "wrong-values", in: ["code", ...more], ours: { code: 252, stdout: [], stderr } } };
}

/** `ls` and an error that S3 answered. */
export function serviceError(stderr: RegExp): { differs: Difference } {
  return { differs: { why: "service-error", in: ["code"], ours: { code: 254, stdout: [], stderr } } };
}

/** What the AWS CLI makes of Ceph's refusal, or of its silence. */
export function keptByOurs(more: Difference["in"], ours: Expectation): { differs: Difference } {
  return { differs: { why: "no-overwrite", in: more, ours: { code: 0, ...ours } } };
}
