import { resolve } from "node:path";
import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import { ExitCode, type Failure } from "../failure.js";
import { anyFailure } from "../output/any-failure.js";
import { changedFailure } from "../output/changed-failure.js";
import { NO_PROGRESS, type Progress, progressEvents, progressFor, type Showing } from "../output/progress.js";
import { noWebAssembly } from "../output/surrounding-failures.js";
import type { TransferReporter } from "../output/transfer-events.js";
import { TransferJson } from "../output/transfer-json.js";
import { TransferLines } from "../output/transfer-lines.js";
import { RunningScript } from "../paths/running-script.js";
import { descriptorBudget } from "../s3/local/descriptors.js";
import type { Route } from "../s3/locations/location.js";
import { meantS3Uri } from "../s3/locations/meant-uri.js";
import type { CopyOptions } from "../s3/plan/copy-options.js";
import { Report } from "../s3/plan/report.js";
import { queueLimit, TransferQueue } from "../s3/plan/transfer-queue.js";
import type { Work } from "../s3/plan/work.js";
import { nothingToDo } from "./notices.js";
import { openS3, untilSignal } from "./open-s3.js";
import { connectionOf } from "./options/store-options.js";
import { secondsOption } from "./options/values.js";
import { takenForLocal } from "./s3-notices.js";

function noteMisspeltTarget({ target }: Route, invocation: Invocation, context: Context): void {
  const meant = target.kind === "local" ? meantS3Uri(target.path) : undefined;
  if (target.kind !== "local" || meant === undefined || invocation.flag("quiet")) return;
  note(takenForLocal(target.path, meant), context);
}

/** Chosen once here, so that nothing below checks for a terminal or a flag. */
function reporterFor(
  invocation: Invocation,
  context: Context,
  { source, target }: Route,
  showing: Showing,
): Report {
  const stream = source.kind === "stream" || target.kind === "stream";
  const quiet = invocation.flag("quiet");
  const errorsOnly = invocation.flag("only-show-errors") || stream;
  const still = quiet || errorsOnly || !invocation.isOn("progress") || invocation.flag("dryrun");
  if (invocation.flag("json")) {
    const reporter: TransferReporter = new TransferJson(context, target.kind === "stream", quiet);
    const events = progressEvents(context.now, showing, (state) =>
      reporter.say({ event: "progress", ...state }),
    );
    return new Report(reporter, still ? NO_PROGRESS : events);
  }
  const progress: Progress = still ? NO_PROGRESS : progressFor(context, showing);
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
  { route, options }: { readonly route: Route; readonly options: CopyOptions },
  start: (work: Work) => Promise<void>,
): Promise<number> {
  if (typeof WebAssembly === "undefined") throw noWebAssembly();
  const connection = connectionOf(invocation, context);
  const showing = {
    interval: secondsOption(invocation, "progress-frequency", 0),
    inLines: invocation.flag("progress-multiline"),
  };
  noteMisspeltTarget(route, invocation, context);
  const store = await openS3(invocation, context, connection);
  const report = reporterFor(invocation, context, route, showing);
  if (store === undefined) {
    report.noted(nothingToDo(invocation.verb));
    return report.finish();
  }
  const queue = new TransferQueue(queueLimit(connection.concurrency));
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

/** For cp and sync an error that S3 answered, or no response, is a copy that failed. */
function asTransferFailure(failure: Failure): Failure {
  const { id, exitCode } = failure;
  if (!id.startsWith("s3-") || exitCode === ExitCode.usage || exitCode === ExitCode.failed) return failure;
  return changedFailure(failure, { exitCode: ExitCode.failed });
}

/** What local paths are shown relative to; where it was removed, they are shown whole. */
function workingFolder(): string {
  try {
    return resolve();
  } catch {
    return "/";
  }
}
