import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { withDescriptors } from "../local/descriptors.js";
import { isTemporaryName } from "../local/temporary-names.js";
import { localFailure } from "../local-failures.js";
import { missingPath } from "../locations/failures.js";
import type { Location } from "../locations/location.js";
import { meantS3Uri } from "../locations/meant-uri.js";
import type { S3Uri } from "../locations/uri.js";
import type { Entries } from "../tree/entries.js";
import { HeldFolders } from "../tree/held-folders.js";
import type { ListedEntry } from "../tree/listed-entries.js";
import { LocalEntries } from "../tree/local-entries.js";
import { folderPrefix, type SourceObjects } from "./source-objects.js";
import { TargetNames } from "./target-names.js";
import { TreeCopy } from "./tree-copy.js";
import { TreeDownload } from "./tree-download.js";
import { TreeUpload } from "./tree-upload.js";
import { listing, type Work } from "./work.js";

/** The files below a local folder, with warnings for what cannot be read. */
export function filesBelow(
  work: Work,
  root: string,
  folders: HeldFolders,
  staysInside: boolean,
): LocalEntries {
  const { filters, followSymlinks } = work.options;
  return new LocalEntries(root, folders, {
    followSymlinks,
    staysInside,
    accepts: filters.isEmpty ? () => true : (name) => filters.accepts(name, root),
    mayAcceptBelow: (folder) => filters.mayAcceptBelow(folder, root),
    warn: (path, reason) => work.report.skippedFile(path, reason),
    ignores: isTemporaryName,
  });
}

/** The root of an upload. A file in its place is warned of by the walk, as by the AWS CLI. */
export function localSourceRoot(path: string): string {
  const root = resolve(path);
  if (!existsSync(root)) throw missingPath(path, resolve(), meantS3Uri(path));
  return root;
}

/** The folder that a tree is uploaded from, opened when it is first read. */
export function sourceFolders({ options, local }: Work, root: string): HeldFolders {
  const { uid, idleFolders: idle } = local;
  return new HeldFolders(root, { uid, create: false, follows: options.followSymlinks, idle });
}

async function each<E extends { name: string }>(
  entries: Entries<E>,
  submit: (entry: E) => Promise<void> | undefined,
): Promise<void> {
  for (;;) {
    const next = entries.next();
    const entry = next instanceof Promise ? await next : next;
    if (entry === undefined) return;
    const wait = submit(entry);
    if (wait !== undefined) await wait;
  }
}

/** `cp --recursive PATH s3://bucket/prefix` */
export async function uploadTree(work: Work, path: string, target: S3Uri): Promise<void> {
  const root = localSourceRoot(path);
  const folders = sourceFolders(work, root);
  const upload = new TreeUpload(work, root, folders, target.bucket, folderPrefix(target.key));
  try {
    await each(filesBelow(work, root, folders, false), (entry) => upload.submit(entry));
    work.report.planned();
  } finally {
    await work.queue.idle();
    folders.close();
  }
}

/** `cp --recursive s3://bucket/prefix PATH`, or the same with wildcards. */
export async function downloadTree(work: Work, source: SourceObjects, path: string): Promise<void> {
  const root = resolve(path);
  const first = await source.entries.next();
  if (first === undefined) source.checkNotEmpty();
  const folders = await targetFolders(work, root);
  const download = new TreeDownload(work, source, root, folders);
  const submit = (entry: ListedEntry) => {
    const name = download.admit(entry);
    if (!(name instanceof Promise)) return name === undefined ? undefined : download.submit(entry, name);
    return name.then((admitted) => (admitted === undefined ? undefined : download.submit(entry, admitted)));
  };
  try {
    if (first !== undefined) await submit(first);
    await each(source.entries, submit);
    work.report.planned();
  } finally {
    await work.queue.idle();
    folders.close();
  }
}

/** The folder that a tree is downloaded into, made and opened; a dry run makes nothing. @throws Failure */
export async function targetFolders({ options, local }: Work, root: string): Promise<HeldFolders> {
  const { uid, idleFolders: idle } = local;
  const folders = new HeldFolders(root, { uid, create: !options.dryRun, idle });
  try {
    if (!options.dryRun) await withDescriptors(() => folders.hold("").release());
    return folders;
  } catch (error) {
    throw localFailure("write", root, error);
  }
}

/** `cp --recursive s3://bucket/prefix s3://bucket/prefix`, or the same with wildcards. */
export async function copyTree(work: Work, source: SourceObjects, target: S3Uri): Promise<void> {
  const prefix = folderPrefix(target.key);
  const copy = new TreeCopy(work, source.bucket, target.bucket, prefix);
  const { store, options } = work;
  // Amazon S3 is told of the condition in each copy.
  const asksListing = options.overwrite.noOverwrite && (!store.isAmazon || options.dryRun);
  const names = asksListing ? new TargetNames(listing(work, target.bucket, prefix), prefix) : undefined;
  await each(source.entries, (entry) =>
    names === undefined ? copy.submit(entry) : names.has(entry.name).then((is) => copy.submit(entry, is)),
  );
  await names?.close();
  source.checkNotEmpty();
  work.report.planned();
  await work.queue.idle();
}

/** The local path or the URI of a location of a tree, which is never a stream. */
export function pathOf(location: Location): string {
  return location.kind === "local" ? location.path : "-";
}
