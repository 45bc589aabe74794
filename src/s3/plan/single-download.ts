import { basename, dirname, join, resolve, sep } from "node:path";
import { ExitCode, Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { withDescriptors } from "../local/descriptors.js";
import { displayPath } from "../locations/display-path.js";
import type { Location } from "../locations/location.js";
import { formatS3Uri } from "../locations/uri.js";
import type { DownloadTarget, ObjectHead, ObjectRef } from "../store.js";
import { HeldFolders } from "../tree/held-folders.js";
import { localNameProblem } from "../tree/local-names.js";
import { isFolderKey } from "./failures.js";
import { fileTarget } from "./file-target.js";
import { timeRefused } from "./notices.js";
import { hasRule, localVersion, reasonToSkip, statsOf, type Version } from "./overwrite.js";
import { openStreamTarget } from "./stream-target.js";
import { isArchived, type LocalRules, type Work, warnArchived } from "./work.js";

const STDOUT = 1;

/**
 * Where one object goes, as the AWS CLI reads a path: into it when it is a folder or ends in `/`, else to that very name.
 *
 * @param name the last part of the key
 * @returns an absolute path; undefined when the name cannot be a file's
 */
function targetPath(path: string, name: string): string | undefined {
  const absolute = resolve(path);
  const intoFolder = path.endsWith(sep) || statsOf(absolute, "write")?.isDirectory() === true;
  if (!intoFolder) return absolute;
  if (name === "" || localNameProblem(name) !== undefined) return undefined;
  return join(absolute, name);
}

/** `cp s3://bucket/key PATH` and `cp s3://bucket/key -`. */
export async function downloadSingle(work: Work, ref: ObjectRef, location: Location): Promise<void> {
  const source = formatS3Uri(ref.bucket, ref.key);
  if (location.kind !== "local") {
    const names: TransferNames = { operation: "download", source, destination: "-" };
    return transfer(work, ref, names, { target: { kind: "stream", fd: STDOUT }, close: () => undefined });
  }
  const name = ref.key.slice(ref.key.lastIndexOf("/") + 1);
  const path = targetPath(location.path, name);
  if (path === undefined) {
    const problem = localNameProblem(name);
    const names: TransferNames = { operation: "download", source, destination: location.path };
    if (problem === undefined) work.report.failed(names, isFolderKey(source));
    else work.report.skippedFile(source, problem);
    return;
  }
  const destination = displayPath(path, work.workingFolder);
  const names: TransferNames = { operation: "download", source, destination };
  const rule = work.options.overwrite;
  const existing = hasRule(rule) ? localVersion(path) : undefined;
  if (rule.noOverwrite && existing !== undefined) {
    work.report.skipped(names, "exists");
    return;
  }
  return transfer(work, ref, names, undefined, path, existing);
}

/** The folder of a single file, made where it is missing, and open until the file is there. */
class Beside {
  readonly #local: LocalRules;
  #folders: HeldFolders | undefined;

  constructor(local: LocalRules) {
    this.#local = local;
  }

  target(path: string): DownloadTarget {
    const { uid, script } = this.#local;
    this.#folders ??= new HeldFolders(dirname(path), { uid, create: true });
    this.#folders.hold("").release();
    return fileTarget(this.#folders, basename(path), path, script);
  }

  close(): void {
    this.#folders?.close();
  }
}

/** Thrown to leave a target alone. */
class LeftAlone extends Error {}

/** Whether an archived object is asked for all the same: where the user says so, and to standard output, as by the AWS CLI. */
function asksForArchived({ options }: Work, path: string): boolean {
  return options.forceGlacierTransfer || path === "";
}

/** @throws LeftAlone when the object is archived, or a rule says so */
function checkWanted(work: Work, head: ObjectHead, path: string, existing: Version | undefined): void {
  const { size, lastModified = Number.NaN, storageClass, restore } = head;
  const archived = isArchived({ ...stored(storageClass), restored: isRestored(restore) });
  if (archived && !asksForArchived(work, path)) throw new LeftAlone("archived");
  const reason = reasonToSkip(work.options.overwrite, { size, modified: lastModified }, existing);
  if (reason !== undefined) throw new LeftAlone(reason);
}

async function transfer(
  work: Work,
  ref: ObjectRef,
  names: TransferNames,
  opened: Awaited<ReturnType<typeof openStreamTarget>>,
  path = "",
  existing?: Version,
): Promise<void> {
  const { store, report, options, local } = work;
  const beside = new Beside(local);
  let stream = opened;
  try {
    if (options.dryRun) {
      const head = await store.head(ref, options.read);
      checkWanted(work, head, path, statsOf(path, "write")?.isFile() === true ? existing : undefined);
      report.dryRun(names, head.size);
      return;
    }
    stream ??= await withDescriptors(() => openStreamTarget(path, local.uid));
    const target = stream?.target ?? (await withDescriptors(() => beside.target(path)));
    report.expect(0);
    report.planned();
    const head = await store.download(ref, target, {
      ...options.read,
      onBytes: report.onBytes,
      onUnverified: (reason) => report.unverified(names, reason),
      onHead: (response) => {
        checkWanted(work, response, path, stream === undefined ? existing : undefined);
        report.grow(response.size);
      },
    });
    report.done(names, head.size);
    if (head.timeRefused !== undefined) report.warned(timeRefused(names.destination ?? "", head.timeRefused));
  } catch (error) {
    // Ends the command as SIGPIPE would.
    if (error instanceof Failure && error.exitCode === ExitCode.readerGone) throw error;
    const archived = error instanceof Failure && error.id === "s3-archived" && !asksForArchived(work, path);
    if (archived || (error instanceof LeftAlone && error.message === "archived")) {
      warnArchived(work, "download", names.source);
    } else if (error instanceof LeftAlone) {
      report.skipped(names, error.message);
    } else {
      report.failed(names, error, names.destination);
    }
  } finally {
    stream?.close();
    beside.close();
  }
}

function stored(storageClass: string | undefined): { storageClass?: string } {
  return storageClass === undefined ? {} : { storageClass };
}

/** `ongoing-request="false", expiry-date="…"`: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
function isRestored(restore: string | undefined): boolean {
  return restore?.includes('ongoing-request="false"') === true;
}
