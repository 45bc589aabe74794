import { resolve } from "node:path";
import { anyFailure } from "../cli/any-failure.js";
import { noWebAssembly } from "../cli/failures.js";
import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import { NO_PROGRESS, type Progress, progressEvents, progressFor } from "../output/progress.js";
import type { TransferVoice } from "../output/transfer-events.js";
import { TransferJson } from "../output/transfer-json.js";
import { TransferLines } from "../output/transfer-lines.js";
import { RunningScript } from "../paths/running-script.js";
import { Filters } from "../s3/filters/filters.js";
import { descriptorBudget } from "../s3/local/descriptors.js";
import type { Route } from "../s3/locations/location.js";
import { meantS3Uri } from "../s3/locations/uri.js";
import { onlyWith, wrongDirection } from "../s3/parameters/failures.js";
import { pageSizeOption } from "../s3/parameters/store-options.js";
import { numberOption } from "../s3/parameters/values.js";
import { copyParameters, readParameters, writeParameters } from "../s3/parameters/write-parameters.js";
import type { CaseConflictRule, CopyOptions } from "../s3/plan/copy-options.js";
import { Report } from "../s3/plan/report.js";
import { queueLimit, TransferQueue } from "../s3/plan/transfer-queue.js";
import type { Work } from "../s3/plan/work.js";
import { nothingToDo, takenForLocal } from "./notices.js";
import { openS3, untilSignal } from "./open-s3.js";

/** The options that cp and sync share. */
export function copyOptions(invocation: Invocation): CopyOptions {
  const write = writeParameters(invocation);
  return {
    filters: new Filters(invocation.options),
    read: readParameters(invocation),
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

/** Options that the AWS CLI refuses for some directions. */
function checkDirection(invocation: Invocation, { direction }: Route): void {
  if (invocation.value("checksum-algorithm") !== undefined && direction === "download")
    throw wrongDirection("checksum-algorithm", `${UP}, ${ACROSS}`);
  if (invocation.value("checksum-mode") !== undefined && direction !== "download")
    throw wrongDirection("checksum-mode", DOWN);
  if (invocation.value("sse-c-copy-source") !== undefined && direction !== "copy")
    throw onlyWith("sse-c-copy-source", `copy operations: ${ACROSS}`);
}

function noteMisspeltTarget({ target }: Route, invocation: Invocation, context: Context): void {
  const meant = target.kind === "local" ? meantS3Uri(target.path) : undefined;
  if (target.kind !== "local" || meant === undefined || invocation.flag("quiet")) return;
  note(takenForLocal(target.path, meant), context);
}

/** Who tells of it all: chosen once, so that nothing below asks for a terminal or a flag. */
function reporterFor(invocation: Invocation, context: Context, { source, target }: Route): Report {
  const stream = source.kind === "stream" || target.kind === "stream";
  const quiet = invocation.flag("quiet");
  const errorsOnly = invocation.flag("only-show-errors") || stream;
  const still = quiet || errorsOnly || !invocation.isOn("progress") || invocation.flag("dryrun");
  if (invocation.flag("json")) {
    const voice: TransferVoice = new TransferJson(context, target.kind === "stream");
    const events = progressEvents(context.now, (state) => voice.say({ event: "progress", ...state }));
    return new Report(voice, still ? NO_PROGRESS : events);
  }
  const progress: Progress = still ? NO_PROGRESS : progressFor(context);
  const loudness = quiet ? "nothing" : errorsOnly ? "errors" : "all";
  return new Report(new TransferLines(context, loudness, () => progress.clear()), progress);
}

/**
 * Runs a copy from options to exit code.
 *
 * @param start plans and transfers; what it throws stops all, and is 1 when S3 or the network is its cause
 */
export async function runCopy(
  invocation: Invocation,
  context: Context,
  route: Route,
  start: (work: Work) => Promise<void>,
): Promise<number> {
  if (typeof WebAssembly === "undefined") throw noWebAssembly();
  checkDirection(invocation, route);
  noteMisspeltTarget(route, invocation, context);
  const options = copyOptions(invocation);
  const store = await openS3(invocation, context);
  const report = reporterFor(invocation, context, route);
  if (store === undefined) {
    report.noted(nothingToDo(invocation.verb));
    return report.finish();
  }
  const queue = new TransferQueue(queueLimit(numberOption(invocation, "concurrency", 1, 1000)));
  const local = {
    uid: context.uid,
    idleFolders: descriptorBudget().folders,
    script: new RunningScript(context.scriptPath),
  };
  const work: Work = { store, report, queue, options, workingFolder: workingFolder(), local };
  const run = async (): Promise<number> => {
    try {
      await start(work);
    } catch (error) {
      // What is under way comes to its end, and is told before the summary.
      await queue.idle();
      const failure = asTransferFailure(anyFailure(error));
      report.stopped(failure);
      report.finish();
      throw failure;
    }
    return report.finish();
  };
  const interrupted = () => {
    queue.stop();
    report.silence();
  };
  return untilSignal(store, context, run, interrupted, invocation.flag("quiet"));
}

/** For cp and sync an error that S3 answered, or no answer, is a copy that failed. */
function asTransferFailure(failure: Failure): Failure {
  const { id, message, hint, cause, exitCode } = failure;
  if (!id.startsWith("s3-") || exitCode === ExitCode.usage || exitCode === ExitCode.failed) return failure;
  return new Failure(id, { message, hint, cause, exitCode: ExitCode.failed });
}

/** What local paths are shown relative to; where it was removed, they are shown whole. */
function workingFolder(): string {
  try {
    return resolve();
  } catch {
    return "/";
  }
}
