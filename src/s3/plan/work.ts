import type { RunningScript } from "../../paths/running-script.js";
import type { ListedObject, ListPage, Store } from "../store.js";
import type { CopyOptions } from "./copy-options.js";
import { archived } from "./notices.js";
import type { Report } from "./report.js";
import type { TransferQueue } from "./transfer-queue.js";

/** What holds for local files. */
export interface LocalRules {
  /** Our user id; undefined where there are none (Windows). */
  readonly uid: number | undefined;
  /** Folders kept open that nobody uses just now. */
  readonly idleFolders: number;
  /** The running file, which nothing replaces or deletes. */
  readonly script: RunningScript;
}

/** What every part of one copy needs. */
export interface Work {
  readonly store: Store;
  readonly report: Report;
  readonly queue: TransferQueue;
  readonly options: CopyOptions;
  /** Absolute: local paths are shown relative to it. */
  readonly workingFolder: string;
  readonly local: LocalRules;
}

/** Every object whose key begins with `prefix`. @param isToRead whether the objects will be read */
export function listing(
  work: Work,
  bucket: string,
  prefix: string,
  isToRead = false,
): AsyncIterable<ListPage> {
  const { pageSize } = work.options;
  return work.store.list({
    bucket,
    prefix,
    isToRead,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
}

/** Archived, and not restored for now: S3 would refuse to read it. */
export function isArchived({
  storageClass,
  restored,
}: Pick<ListedObject, "storageClass" | "restored">): boolean {
  return (storageClass === "GLACIER" || storageClass === "DEEP_ARCHIVE") && restored !== true;
}

/** Warns of an archived object, unless the user wants none. */
export function warnArchived(work: Work, operation: "download" | "copy", uri: string): void {
  if (work.options.ignoreGlacierWarnings) return;
  work.report.skippedFile(uri, archived(operation));
}
