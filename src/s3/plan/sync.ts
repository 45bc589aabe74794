import { unlinkSync } from "node:fs";
import { resolve } from "node:path";
import { displayBelow } from "../locations/display-path.js";
import type { Route } from "../locations/location.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import { ListedEntries, type ListedEntry } from "../tree/listed-entries.js";
import type { LocalEntry } from "../tree/local-entries.js";
import { merge } from "../tree/merge.js";
import { TargetFolders } from "../tree/target-folders.js";
import { folderPrefix, objectsBelow } from "./source-objects.js";
import { needsCopy, type SyncRule } from "./sync-rule.js";
import { filesBelow, localSourceRoot, makeRoot, pathOf } from "./tree.js";
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

/**
 * Names to delete, kept until the source has been listed to its end: a listing that fails half-way must not look like
 * objects that are gone. Copies of the strings, for a part of a page's text would keep the whole page alive.
 */
class Extras {
  readonly #wanted: boolean;
  readonly names: string[] = [];

  constructor(wanted: boolean) {
    this.#wanted = wanted;
  }

  add(name: string): undefined {
    if (this.#wanted) this.names.push(Buffer.from(name).toString());
  }
}

/** Makes the target's tree like the source's. What fails on its own is in the report; what stops all is thrown. */
export function sync(work: Work, request: SyncRequest): Promise<void> {
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

const storedAs = ({ object }: ListedEntry) => ({ size: object.size, modified: object.lastModified });

async function syncDownload(work: Work, request: SyncRequest, uri: S3Uri, root: string): Promise<void> {
  const { options, queue, report } = work;
  const source = objectsBelow(work, uri, true);
  const rule = ruleOf(request);
  const extras = new Extras(request.delete);
  const first = await source.entries.next();
  if (first === undefined) source.checkNotEmpty();
  if (!options.dryRun) makeRoot(root);
  const download = new TreeDownload(work, source.bucket, source.prefix, root);
  const admitted = (entry: ListedEntry, isNeeded: () => boolean): Promise<void> | undefined => {
    const name = download.admit(entry);
    const submit = (found: string | undefined) =>
      found !== undefined && isNeeded() ? download.submit(entry, found) : undefined;
    return name instanceof Promise ? name.then(submit) : submit(name);
  };
  try {
    await merge(startingWith(first, source.entries), filesBelow(work, root, true), {
      onlySource: (entry) => admitted(entry, () => true),
      both: (entry, file: LocalEntry) =>
        admitted(entry, () => !options.overwrite.noOverwrite && differs(rule, entry, file)),
      onlyTarget: (file) => extras.add(file.name),
    });
    report.planned();
  } finally {
    await queue.idle();
    download.close();
  }
  deleteFiles(
    work,
    root,
    extras.names.filter((name) => !download.wroteRespelt(name)),
  );
}

function differs(rule: SyncRule, entry: ListedEntry, { stats }: LocalEntry): boolean {
  return (
    stats === undefined || needsCopy(rule, storedAs(entry), { size: stats.size, modified: stats.mtimeMs })
  );
}

async function syncUpload(work: Work, request: SyncRequest, root: string, uri: S3Uri): Promise<void> {
  const prefix = folderPrefix(uri.key);
  const upload = new TreeUpload(work, root, uri.bucket, prefix);
  const rule = ruleOf(request);
  const extras = new Extras(request.delete);
  await merge(filesBelow(work, root, false), targetObjects(work, uri.bucket, prefix), {
    onlySource: (file) => upload.submit(file),
    both: (file, entry: ListedEntry) => {
      const { stats } = file;
      const version = stats && { size: stats.size, modified: stats.mtimeMs };
      if (version && (work.options.overwrite.noOverwrite || !needsCopy(rule, version, storedAs(entry))))
        return undefined;
      return upload.submit(file);
    },
    onlyTarget: (entry) => extras.add(entry.name),
  });
  await removeObjects(work, uri.bucket, prefix, extras.names);
}

async function syncCopy(work: Work, request: SyncRequest, sourceUri: S3Uri, uri: S3Uri): Promise<void> {
  const source = objectsBelow(work, sourceUri, true);
  const prefix = folderPrefix(uri.key);
  const copy = new TreeCopy(work, source.bucket, uri.bucket, prefix);
  const rule = ruleOf(request);
  const extras = new Extras(request.delete);
  await merge(source.entries, targetObjects(work, uri.bucket, prefix), {
    onlySource: (entry) => copy.submit(entry),
    both: (entry, there: ListedEntry) =>
      !work.options.overwrite.noOverwrite && needsCopy(rule, storedAs(entry), storedAs(there))
        ? copy.submit(entry)
        : undefined,
    onlyTarget: (there) => extras.add(there.name),
  });
  source.checkNotEmpty();
  await removeObjects(work, uri.bucket, prefix, extras.names);
}

function targetObjects(work: Work, bucket: string, prefix: string): ListedEntries {
  const { filters } = work.options;
  return new ListedEntries(listing(work, bucket, prefix), {
    prefixLength: prefix.length,
    accepts: (name) => filters.accepts(name),
    sorted: true,
  });
}

function startingWith(first: ListedEntry | undefined, rest: ListedEntries) {
  let waiting = first;
  return {
    next() {
      if (waiting === undefined) return first === undefined ? undefined : rest.next();
      const entry = waiting;
      waiting = undefined;
      return entry;
    },
  };
}

async function removeObjects(
  work: Work,
  bucket: string,
  prefix: string,
  names: readonly string[],
): Promise<void> {
  const { store, report, queue, options } = work;
  for (const name of names) {
    const key = prefix + name;
    const transfer = { operation: "delete", source: formatS3Uri(bucket, key) } as const;
    if (options.dryRun) {
      report.dryRun(transfer);
      continue;
    }
    report.expect(0);
    const wait = queue.add(async () => {
      try {
        await store.remove({ bucket, key }, options.write.requestPayer);
        report.done(transfer);
      } catch (error) {
        report.failed(transfer, error);
      }
    });
    if (wait !== undefined) await wait;
  }
  report.planned();
  await queue.idle();
}

/** Folders are opened without following links, so that one put in place of a folder meanwhile leads nowhere. */
function deleteFiles(work: Work, root: string, names: readonly string[]): void {
  const { report, options } = work;
  const folders = new TargetFolders(root, false);
  const shown = displayBelow(root, work.workingFolder);
  for (const name of names) {
    const transfer = { operation: "delete", source: shown(name) } as const;
    if (options.dryRun) {
      report.dryRun(transfer);
      continue;
    }
    const slash = name.lastIndexOf("/");
    try {
      const folder = folders.hold(slash < 0 ? "" : name.slice(0, slash));
      try {
        unlinkSync(`${folder.path}/${name.slice(slash + 1)}`);
      } finally {
        folder.release();
      }
      report.done(transfer);
    } catch (error) {
      report.failed(transfer, error, transfer.source);
    }
  }
  folders.close();
}
