import { accessSync, constants, lstatSync, type Stats } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import type { SkipReason } from "../../output/notice.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { displayPath } from "../locations/display-path.js";
import { missingPath } from "../locations/failures.js";
import type { Location } from "../locations/location.js";
import { meantS3Uri } from "../locations/meant-uri.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import type { ObjectRef } from "../store.js";
import { SPECIAL_FILE, UNREADABLE } from "../tree/notices.js";
import { openSource } from "../tree/source-file.js";
import { planStreamPartSize } from "../uploads/part-size.js";
import { isFolder } from "./failures.js";
import { statsOf } from "./overwrite.js";
import { uploadOne } from "./upload-one.js";
import type { Work } from "./work.js";

const STDIN = 0;

/** The key for one file: a bucket or a prefix that ends in `/` takes the file's name. */
export function targetKey(uri: S3Uri, name: string): ObjectRef {
  const { bucket, key } = uri;
  return { bucket, key: key === "" || key.endsWith("/") ? key + name : key };
}

/** `cp PATH s3://bucket/key` and `cp - s3://bucket/key`. */
export async function uploadSingle(
  work: Work,
  location: Location,
  uri: S3Uri,
  expectedSize: number | undefined,
): Promise<void> {
  if (location.kind !== "local") return uploadStream(work, uri, expectedSize);
  const path = resolve(location.path);
  const stats = statsOf(path, "read");
  const wantsFolder = location.path.endsWith(sep);
  if (stats === undefined || (wantsFolder && !stats.isDirectory()))
    throw missingPath(location.path, work.workingFolder, meantS3Uri(location.path));
  if (!work.options.filters.accepts(basename(path), dirname(path))) return;
  if (!work.options.followSymlinks && lstatSync(path).isSymbolicLink()) return;
  const ref = targetKey(uri, basename(path));
  const names: TransferNames = {
    operation: "upload",
    source: displayPath(path, work.workingFolder),
    destination: formatS3Uri(ref.bucket, ref.key),
  };
  const { report, options } = work;
  if (stats.isDirectory()) {
    report.failed(names, isFolder(location.path));
    return;
  }
  const problem = problemOf(path, stats);
  if (problem !== undefined) {
    report.skippedFile(path, problem);
    return;
  }
  if (!options.dryRun) report.expect(stats.size);
  report.planned();
  const version = { size: stats.size, modified: stats.mtimeMs };
  const rule = { uid: work.local.uid, follows: options.followSymlinks };
  const source = { kind: "file", path, open: () => openSource(path, rule) } as const;
  await uploadOne(work, names, source, version, ref);
}

/** @throws Failure when so much as is expected cannot come through a stream */
async function uploadStream(work: Work, uri: S3Uri, expectedSize: number | undefined): Promise<void> {
  planStreamPartSize(expectedSize, undefined);
  const ref = targetKey(uri, "-");
  const names: TransferNames = {
    operation: "upload",
    source: "-",
    destination: formatS3Uri(ref.bucket, ref.key),
  };
  if (!work.options.dryRun) work.report.expect(expectedSize ?? 0);
  const source = {
    kind: "stream",
    fd: STDIN,
    ...(expectedSize === undefined ? {} : { expectedSize }),
  } as const;
  await uploadOne(
    work,
    names,
    source,
    { size: expectedSize ?? Number.NaN, modified: Number.POSITIVE_INFINITY },
    ref,
  );
}

/** Why a file is skipped. */
function problemOf(path: string, stats: Stats): SkipReason | undefined {
  if (!stats.isFile()) return SPECIAL_FILE;
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return UNREADABLE;
  }
}
