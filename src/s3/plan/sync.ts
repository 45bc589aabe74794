import { resolve } from "node:path";
import { Failure } from "../../failure.js";
import type { Route } from "../locations/location.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import type { ObjectRef } from "../store.js";
import { ListedEntries, type ListedEntry } from "../tree/listed-entries.js";
import type { LocalEntry } from "../tree/local-entries.js";
import { merge } from "../tree/merge.js";
import { Deletes } from "./deletes.js";
import { deletesLeftOut } from "./notices.js";
import { folderPrefix, objectsBelow } from "./source-objects.js";
import { needsCopy, type SyncRule } from "./sync-rule.js";
import { filesBelow, localSourceRoot, pathOf, sourceFolders, targetFolders } from "./tree.js";
import { TreeCopy } from "./tree-copy.js";
import { TreeDownload } from "./tree-download.js";
import { TreeUpload } from "./tree-upload.js";
import { listing, type Work } from "./work.js";

/** What only sync knows. */
export interface SyncRequest {
  readonly route: Route;
  readonly delete: boolean;
  readonly sizeOnly: boolean;
  readonly exactTimestamps: boolean;
}

/** A source of which nothing can be there afterwards is as good as empty. */
const NO_FILE = "no object of the source can be a file here";

/** Makes the target's tree like the source's. What fails on its own is in the report; what stops all is thrown. */
export async function sync(work: Work, request: SyncRequest): Promise<void> {
  try {
    await syncEither(work, request);
  } catch (error) {
    const isEmpty = error instanceof Failure && error.id === "s3-source-empty";
    if (request.delete && !isEmpty)
      work.report.warned(deletesLeftOut("the source and the destination were not compared to their end"));
    throw error;
  }
}

function syncEither(work: Work, request: SyncRequest): Promise<void> {
  const { source, target } = request.route;
  if (source.kind === "s3") {
    return target.kind === "s3"
      ? syncCopy(work, request, source.uri, target.uri)
      : syncDownload(work, request, source.uri, resolve(pathOf(target)));
  }
  if (target.kind !== "s3") throw new TypeError("a route has an S3 side");
  return syncUpload(work, request, localSourceRoot(pathOf(source)), target.uri);
}

function ruleOf({ route: { direction }, sizeOnly, exactTimestamps }: SyncRequest): SyncRule {
  return { direction, sizeOnly, exactTimestamps };
}

const storedAs = ({ object }: ListedEntry) => ({
  size: object.size,
  modified: object.lastModified ?? Number.NaN,
});

async function syncDownload(work: Work, request: SyncRequest, uri: S3Uri, root: string): Promise<void> {
  const { options, queue, report } = work;
  const source = objectsBelow(work, uri, { sorted: true });
  const rule = ruleOf(request);
  const deletes = new Deletes(work, request.delete);
  const first = await source.entries.next();
  if (first === undefined) source.checkNotEmpty();
  const folders = await targetFolders(work, root);
  const files = filesBelow(work, root, folders, true);
  const download = new TreeDownload(work, source, root, folders, request.delete);
  const admitted = (entry: ListedEntry, isNeeded: () => boolean): Promise<void> | undefined => {
    const name = download.admit(entry);
    const submit = (found: string | undefined) =>
      found !== undefined && isNeeded() ? download.submit(entry, found) : undefined;
    return name instanceof Promise ? name.then(submit) : submit(name);
  };
  try {
    await merge(startingWith(first, source.entries), files, {
      onlySource: (entry) => admitted(entry, () => true),
      both: (entry, file: LocalEntry) =>
        admitted(entry, () => !options.overwrite.noOverwrite && differs(rule, entry, file)),
      onlyTarget: (file) => (file.isSkipped ? undefined : deletes.add(file.name)),
    });
    report.planned();
    const { unread } = files;
    const { listed, doubt = download.refused === listed ? NO_FILE : undefined } = source.entries;
    await deletes.run({ unread, doubt }, (name) => download.remove(name));
  } finally {
    await queue.idle();
    folders.close();
  }
}

function differs(rule: SyncRule, entry: ListedEntry, { stats }: LocalEntry): boolean {
  return (
    stats === undefined || needsCopy(rule, storedAs(entry), { size: stats.size, modified: stats.mtimeMs })
  );
}

async function syncUpload(work: Work, request: SyncRequest, root: string, uri: S3Uri): Promise<void> {
  const prefix = folderPrefix(uri.key);
  const folders = sourceFolders(work, root);
  const upload = new TreeUpload(work, root, folders, uri.bucket, prefix);
  const rule = ruleOf(request);
  const deletes = new Deletes(work, request.delete);
  const files = filesBelow(work, root, folders, false);
  const there = targetObjects(work, uri.bucket, prefix, root);
  await merge(files, there, {
    onlySource: (file) => upload.submit(file),
    both: (file, entry: ListedEntry) => {
      const { stats } = file;
      const version = stats && { size: stats.size, modified: stats.mtimeMs };
      const isNeeded =
        version && !work.options.overwrite.noOverwrite && needsCopy(rule, version, storedAs(entry));
      if (isNeeded) return upload.submit(file);
      upload.admits(file);
      return undefined;
    },
    onlyTarget: (entry) => deletes.add(entry.name),
  });
  work.report.planned();
  const known = { unread: files.unread, doubt: there.doubt };
  await deletes.run(known, (name) => removeObject(work, { bucket: uri.bucket, key: prefix + name }));
  folders.close();
}

async function syncCopy(work: Work, request: SyncRequest, sourceUri: S3Uri, uri: S3Uri): Promise<void> {
  const source = objectsBelow(work, sourceUri, { sorted: true });
  const prefix = folderPrefix(uri.key);
  const copy = new TreeCopy(work, source.bucket, uri.bucket, prefix);
  const rule = ruleOf(request);
  const deletes = new Deletes(work, request.delete);
  const targets = targetObjects(work, uri.bucket, prefix);
  await merge(source.entries, targets, {
    // A listing in doubt may lack what is there.
    onlySource: (entry) => copy.submit(entry, targets.doubt === undefined ? false : undefined),
    both: (entry, there: ListedEntry) =>
      !work.options.overwrite.noOverwrite && needsCopy(rule, storedAs(entry), storedAs(there))
        ? copy.submit(entry)
        : undefined,
    onlyTarget: (there) => deletes.add(there.name),
  });
  source.checkNotEmpty();
  work.report.planned();
  const doubt = source.entries.doubt ?? targets.doubt;
  await deletes.run({ doubt }, (name) => removeObject(work, { bucket: uri.bucket, key: prefix + name }));
}

/** @param root of a local source: what a filter by absolute path leaves out there is left alone here */
function targetObjects(work: Work, bucket: string, prefix: string, root?: string): ListedEntries {
  const { filters } = work.options;
  return new ListedEntries(listing(work, bucket, prefix), {
    prefixLength: prefix.length,
    accepts: (name) => filters.accepts(name, root),
    sorted: true,
  });
}

function startingWith(first: ListedEntry | undefined, rest: ListedEntries) {
  let waiting = first;
  return {
    next() {
      if (waiting === undefined) return rest.next();
      const entry = waiting;
      waiting = undefined;
      return entry;
    },
  };
}

/** Starts to delete an object; see TransferQueue.add. */
function removeObject({ store, report, queue, options }: Work, ref: ObjectRef): Promise<void> | undefined {
  const transfer = { operation: "delete", source: formatS3Uri(ref.bucket, ref.key) } as const;
  if (options.dryRun) {
    report.dryRun(transfer);
    return undefined;
  }
  report.expect(0);
  return queue.add(async () => {
    try {
      await store.remove(ref);
      report.done(transfer);
    } catch (error) {
      report.failed(transfer, error);
    }
  });
}
