import type { Difference, Expectation } from "../line.js";

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
