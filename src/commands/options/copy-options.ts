import type { Invocation } from "../../cli/invocation.js";
import type { Route } from "../../s3/locations/location.js";
import type { CaseConflictRule, CopyOptions } from "../../s3/plan/copy-options.js";
import { notForStreams, onlyWith, wrongDirection } from "./failures.js";
import { filtersOf } from "./filters.js";
import { pageSizeOption } from "./store-options.js";
import { copyParameters, readParameters, writeParameters } from "./write-parameters.js";

/**
 * The options that cp and sync share.
 *
 * @throws Failure (252) when one makes no sense, or not in this direction
 */
export function copyOptions(invocation: Invocation, route: Route): CopyOptions {
  checkDirection(invocation, route);
  const write = writeParameters(invocation);
  return {
    filters: filtersOf(invocation),
    read: readParameters(invocation, write),
    write,
    copy: copyParameters(invocation, write),
    guessContentType: invocation.isOn("guess-mime-type"),
    overwrite: {
      noOverwrite: invocation.flag("no-overwrite"),
      ifSizeDiffer: invocation.flag("if-size-differ"),
      ifSourceNewer: invocation.flag("if-source-newer"),
    },
    caseConflict: (invocation.value("case-conflict") ?? "ignore") as CaseConflictRule,
    dryRun: invocation.flag("dryrun"),
    followSymlinks: invocation.isOn("follow-symlinks"),
    forceGlacierTransfer: invocation.flag("force-glacier-transfer"),
    ignoreGlacierWarnings: invocation.flag("ignore-glacier-warnings"),
    pageSize: pageSizeOption(invocation),
  };
}

const UP = "<LocalPath> <S3Uri>";
const DOWN = "<S3Uri> <LocalPath>";
const ACROSS = "<S3Uri> <S3Uri>";

/** They look at what is there already; on standard output nothing is. */
const OVERWRITE_RULES = ["no-overwrite", "if-size-differ", "if-source-newer"] as const;

/** Options that the AWS CLI refuses for some directions. */
function checkDirection(invocation: Invocation, { direction, target }: Route): void {
  if (invocation.value("checksum-algorithm") !== undefined && direction === "download")
    throw wrongDirection("checksum-algorithm", `${UP}, ${ACROSS}`);
  if (invocation.value("checksum-mode") !== undefined && direction !== "download")
    throw wrongDirection("checksum-mode", DOWN);
  if (invocation.value("sse-c-copy-source") !== undefined && direction !== "copy")
    throw onlyWith("sse-c-copy-source", `copy operations: ${ACROSS}`);
  const rule = OVERWRITE_RULES.find((name) => invocation.flag(name));
  if (rule !== undefined && target.kind === "stream") throw notForStreams(rule);
}
