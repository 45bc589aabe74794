import { unlinkSync } from "node:fs";
import { sep } from "node:path";
import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { displayBelow } from "../locations/display-path.js";
import { formatS3Uri } from "../locations/uri.js";
import type { ListedEntry } from "../tree/listed-entries.js";
import { canonicalName, localNameProblem } from "../tree/local-names.js";
import { EMPTY_NAME } from "../tree/notices.js";
import { type HeldFolder, TargetFolders } from "../tree/target-folders.js";
import { CaseConflicts } from "./case-conflicts.js";
import { caseConflict } from "./failures.js";
import { FileIdentities } from "./file-identities.js";
import { FolderClash } from "./folder-clash.js";
import {
  caseConflictIgnored,
  caseConflictSkipped,
  FOLDER_IS_FILE,
  SAME_FILE,
  throughLink,
} from "./notices.js";
import { hasRule, localVersion, reasonToSkip } from "./overwrite.js";
import { isArchived, listing, type Work, warnArchived } from "./work.js";

/** Downloads objects below a prefix into a folder, and refuses those whose names would lead elsewhere. */
export class TreeDownload {
  readonly #work: Work;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #root: string;
  readonly #folders: TargetFolders;
  readonly #shown: (name: string) => string;
  readonly #clash = new FolderClash();
  /** Files that are objects of this run, by whatever name. */
  readonly #files: FileIdentities | undefined;
  /** Names that were not in their canonical form, in it. */
  readonly #respelt = new Set<string>();
  readonly #cases: CaseConflicts;

  /**
   * @param root absolute path of the target folder
   * @param removes whether files will be removed in the end
   */
  constructor(work: Work, bucket: string, prefix: string, root: string, removes = false) {
    this.#work = work;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#root = root;
    this.#folders = new TargetFolders(root, !work.options.dryRun);
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
    const problem = localNameProblem(entry.name, sep === "\\" ? "windows" : "posix");
    if (problem !== undefined) {
      report.skippedFile(entry.name, problem);
      return undefined;
    }
    const name = canonicalName(entry.name);
    if (name === "") {
      report.skippedFile(entry.name, EMPTY_NAME);
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
      this.#files?.add(`${this.#root}/${name}`);
      return undefined;
    }
    if (!work.options.dryRun) work.report.expect(object.size);
    return work.queue.add(() => this.#download(entry, name));
  }

  /**
   * Deletes a file, unless it is what an object became: a file system may take another spelling for the same name.
   * Folders are opened without following links, so that one put in place of a folder meanwhile leads nowhere.
   */
  remove(name: string): undefined {
    const { report, options } = this.#work;
    const transfer = { operation: "delete", source: this.#shown(name) } as const;
    try {
      const folder = this.#folders.hold(folderOf(name));
      try {
        const path = `${folder.path}/${baseOf(name)}`;
        if (this.#files?.has(path)) return;
        if (options.dryRun) {
          report.dryRun(transfer);
          return;
        }
        unlinkSync(path);
      } finally {
        folder.release();
      }
      report.done(transfer);
    } catch (error) {
      report.failed(transfer, error, transfer.source);
    }
  }

  /** Call when all downloads have ended. */
  close(): void {
    this.#folders.close();
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
    let folder: HeldFolder | undefined;
    try {
      folder = this.#hold(folderOf(name));
      const path = folder && `${folder.path}/${baseOf(name)}`;
      await this.#downloadTo(path, entry, names);
      if (path !== undefined) this.#files?.add(path);
    } catch (error) {
      this.#failed(entry, names, renamed(error, folder, this.#root, name));
    } finally {
      folder?.release();
    }
  }

  /** @returns undefined for a folder that is missing in a dry run, which makes none */
  #hold(name: string): HeldFolder | undefined {
    try {
      return this.#folders.hold(name);
    } catch (error) {
      if (this.#work.options.dryRun && (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** @param path undefined when not even its folder is there, in a dry run */
  async #downloadTo(path: string | undefined, { object }: ListedEntry, names: TransferNames): Promise<void> {
    const { store, report, options } = this.#work;
    const { key, size, lastModified } = object;
    const existing = path !== undefined && hasRule(options.overwrite) ? localVersion(path) : undefined;
    const reason = reasonToSkip(options.overwrite, { size, modified: lastModified }, existing);
    if (reason !== undefined) {
      report.skipped(names, reason);
      return;
    }
    if (options.dryRun || path === undefined) {
      report.dryRun(names, size);
      return;
    }
    const done = await store.download(
      { bucket: this.#bucket, key },
      { kind: "file", path },
      {
        ...options.read,
        size,
        onBytes: report.onBytes,
        onUnverified: (reason) => report.unverified(names, reason),
      },
    );
    report.done(names, done.size);
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
      report.warned(caseConflictIgnored(source, destination));
      return name;
    }
    report.warned(caseConflictSkipped(source, destination));
    return undefined;
  }
}

/** The name of a file's folder, relative as the file's; `""` for the root. */
function folderOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf("/"), 0));
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The same failure with the file's path as the user knows it, where it names an open folder. */
function renamed(error: unknown, folder: HeldFolder | undefined, root: string, name: string): unknown {
  if (!(error instanceof Failure) || folder === undefined || !error.message.includes(folder.path))
    return error;
  const real = name.includes("/") ? `${root}/${folderOf(name)}` : root;
  const { id, hint, exitCode, cause } = error;
  return new Failure(id, { message: error.message.replaceAll(folder.path, real), hint, exitCode, cause });
}
