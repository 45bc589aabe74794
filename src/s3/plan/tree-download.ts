import { unlinkSync } from "node:fs";
import { join, sep } from "node:path";
import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { withDescriptors } from "../local/descriptors.js";
import { displayBelow } from "../locations/display-path.js";
import { formatS3Uri } from "../locations/uri.js";
import type { HeldFolders } from "../tree/held-folders.js";
import type { ListedEntry } from "../tree/listed-entries.js";
import { canonicalName, localNameProblem } from "../tree/local-names.js";
import { EMPTY_NAME } from "../tree/notices.js";
import { CaseConflicts } from "./case-conflicts.js";
import { caseConflict, isRunningScript } from "./failures.js";
import { FileIdentities } from "./file-identities.js";
import { fileTarget } from "./file-target.js";
import { FolderClash } from "./folder-clash.js";
import {
  caseConflictIgnored,
  caseConflictSkipped,
  FOLDER_IS_FILE,
  SAME_FILE,
  throughLink,
  timeRefused,
} from "./notices.js";
import { hasRule, localVersion, reasonToSkip } from "./overwrite.js";
import type { SourceObjects } from "./source-objects.js";
import { isArchived, listing, type Work, warnArchived } from "./work.js";

/** Downloads objects below a prefix into a folder, and refuses those whose names would lead elsewhere. */
export class TreeDownload {
  readonly #work: Work;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #root: string;
  readonly #folders: HeldFolders;
  readonly #shown: (name: string) => string;
  readonly #clash = new FolderClash();
  /** Files that are objects of this run, by whatever name. */
  readonly #files: FileIdentities | undefined;
  /** Names that were not in their canonical form, in it. */
  readonly #respelt = new Set<string>();
  readonly #cases: CaseConflicts;
  /** Objects whose names can be no file's. */
  refused = 0;

  /**
   * @param source where the objects are
   * @param root absolute path of the target folder
   * @param folders those below it; they stay the caller's
   * @param removes whether files will be removed in the end
   */
  constructor(
    work: Work,
    source: Pick<SourceObjects, "bucket" | "prefix">,
    root: string,
    folders: HeldFolders,
    removes = false,
  ) {
    this.#work = work;
    this.#bucket = source.bucket;
    this.#prefix = source.prefix;
    this.#root = root;
    this.#folders = folders;
    this.#shown = displayBelow(root, work.workingFolder);
    this.#cases = new CaseConflicts(work.options.caseConflict, root, () => work.queue.idle());
    this.#files = removes ? new FileIdentities() : undefined;
  }

  /**
   * Decides whether an object may become a file; warns when not. Must be asked for every object that is meant, in
   * sorted order, copied or not.
   *
   * @returns the file's name relative to the root; undefined: leave it out
   */
  admit(entry: ListedEntry): string | undefined | Promise<string | undefined> {
    const { report } = this.#work;
    const name = canonicalName(entry.name);
    const problem =
      localNameProblem(entry.name, sep === "\\" ? "windows" : "posix") ??
      (name === "" ? EMPTY_NAME : undefined);
    if (problem !== undefined) {
      this.refused++;
      report.skippedFile(entry.name, problem);
      return undefined;
    }
    if (this.#clash.clashes(entry.name)) {
      report.skippedFile(entry.name, FOLDER_IS_FILE);
      return undefined;
    }
    return name === entry.name ? this.#admitCase(entry, name) : this.#admitRespelt(entry, name);
  }

  /** Starts a download; see TransferQueue.add. */
  submit(entry: ListedEntry, name: string): Promise<void> | undefined {
    const work = this.#work;
    const { object } = entry;
    if (!work.options.forceGlacierTransfer && isArchived(object)) {
      warnArchived(work, "download", formatS3Uri(this.#bucket, object.key));
      this.#remember(name);
      return undefined;
    }
    if (!work.options.dryRun) work.report.expect(object.size);
    return work.queue.add(() => this.#download(entry, name));
  }

  /**
   * Deletes a file, unless it is what an object became: a file system may take another spelling for the same name.
   * Folders are opened without following links, so that one put in place of a folder meanwhile leads nowhere.
   */
  async remove(name: string): Promise<void> {
    const { report, options, local } = this.#work;
    const transfer = { operation: "delete", source: this.#shown(name) } as const;
    const remove = (path: string): boolean => {
      if (this.#files?.has(path)) return false;
      if (local.script.isAt(path)) throw isRunningScript(transfer.source);
      if (!options.dryRun) unlinkSync(path);
      return true;
    };
    try {
      const removed = await withDescriptors(() => this.#folders.inFolder(name, remove));
      if (removed && options.dryRun) report.dryRun(transfer);
      else if (removed) report.done(transfer);
    } catch (error) {
      report.failed(transfer, error, transfer.source);
    }
  }

  #refuseScript(path: string, { destination = "" }: TransferNames): void {
    if (this.#work.local.script.isAt(path)) throw isRunningScript(destination);
  }

  #remember(name: string): void {
    inFolderThatIs(this.#folders, name, (path) => this.#files?.add(path));
  }

  #names({ object }: ListedEntry, name: string): TransferNames {
    return {
      operation: "download",
      source: formatS3Uri(this.#bucket, object.key),
      destination: this.#shown(name),
    };
  }

  async #download(entry: ListedEntry, name: string): Promise<void> {
    const names = this.#names(entry, name);
    try {
      await this.#downloadTo(name, entry, names);
      if (this.#files !== undefined) await withDescriptors(() => this.#remember(name));
    } catch (error) {
      this.#failed(entry, names, error);
    }
  }

  async #downloadTo(name: string, { object }: ListedEntry, names: TransferNames): Promise<void> {
    const { store, report, options, local } = this.#work;
    const { key, size, lastModified = Number.NaN } = object;
    const existing = hasRule(options.overwrite)
      ? await withDescriptors(() => inFolderThatIs(this.#folders, name, localVersion))
      : undefined;
    const reason = reasonToSkip(options.overwrite, { size, modified: lastModified }, existing);
    if (reason !== undefined) {
      report.skipped(names, reason);
      return;
    }
    if (options.dryRun) {
      inFolderThatIs(this.#folders, name, (path) => this.#refuseScript(path, names));
      report.dryRun(names, size);
      return;
    }
    const done = await store.download(
      { bucket: this.#bucket, key },
      fileTarget(this.#folders, name, join(this.#root, name), local.script),
      {
        ...options.read,
        size,
        listed: object,
        onBytes: report.onBytes,
        onUnverified: (reason) => report.unverified(names, reason),
      },
    );
    report.done(names, done.size);
    if (done.timeRefused !== undefined) report.warned(timeRefused(names.destination ?? "", done.timeRefused));
  }

  #failed(entry: ListedEntry, names: TransferNames, error: unknown): void {
    const { report } = this.#work;
    if (error instanceof Failure && error.id === "folder-is-link") {
      report.skippedFile(entry.name, throughLink(error.message));
    } else {
      report.failed(names, error, names.destination);
    }
  }

  /** `a//b` may be written to `a/b` only when there is no `a/b`. */
  async #admitRespelt(entry: ListedEntry, name: string): Promise<string | undefined> {
    const taken = this.#respelt.has(name) || (await this.#exists(this.#prefix + name));
    if (taken) {
      this.#work.report.skippedFile(entry.name, SAME_FILE);
      return undefined;
    }
    this.#respelt.add(name);
    return this.#admitCase(entry, name);
  }

  async #exists(key: string): Promise<boolean> {
    for await (const page of listing(this.#work, this.#bucket, key)) return page.objects[0]?.key === key;
    return false;
  }

  #admitCase(entry: ListedEntry, name: string): string | undefined | Promise<string | undefined> {
    const conflicts = this.#cases.conflicts(name);
    const admitted = (conflict: boolean) => (conflict ? this.#admitConflict(entry, name) : name);
    return conflicts instanceof Promise ? conflicts.then(admitted) : admitted(conflicts);
  }

  #admitConflict(entry: ListedEntry, name: string): string | undefined {
    const { report, options } = this.#work;
    const { source, destination = "" } = this.#names(entry, name);
    if (options.caseConflict === "error") throw caseConflict(source, destination);
    if (options.caseConflict === "warn") {
      report.warnedAsAsked(caseConflictIgnored(source, destination));
      return name;
    }
    const skipped = caseConflictSkipped(source, destination);
    // It is not for a sync to delete the file that it was left out for.
    this.#remember(name);
    if (options.caseConflict === "skip") report.warnedAsAsked(skipped);
    else report.warned(skipped);
    return undefined;
  }
}

/** As HeldFolders.inFolder; undefined where there is no such folder. */
function inFolderThatIs<T>(folders: HeldFolders, name: string, look: (path: string) => T): T | undefined {
  try {
    return folders.inFolder(name, (path) => look(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
