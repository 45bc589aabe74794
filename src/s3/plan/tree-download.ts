import { sep } from "node:path";
import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { displayBelow } from "../locations/display-path.js";
import { formatS3Uri } from "../locations/uri.js";
import type { DownloadTarget } from "../store.js";
import type { ListedEntry } from "../tree/listed-entries.js";
import { canonicalName, localNameProblem } from "../tree/local-names.js";
import { EMPTY_NAME } from "../tree/notices.js";
import { type HeldFolder, TargetFolders } from "../tree/target-folders.js";
import { CaseConflicts } from "./case-conflicts.js";
import { caseConflict } from "./failures.js";
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
  /** Names that were not in their canonical form, in it. */
  readonly #respelt = new Set<string>();
  #cases: CaseConflicts | undefined;

  /** @param root absolute path of the target folder */
  constructor(work: Work, bucket: string, prefix: string, root: string) {
    this.#work = work;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#root = root;
    this.#folders = new TargetFolders(root, !work.options.dryRun);
    this.#shown = displayBelow(root, work.workingFolder);
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
      return undefined;
    }
    const names = this.#names(entry, name);
    if (work.options.dryRun) {
      work.report.dryRun(names, object.size);
      return undefined;
    }
    work.report.expect(object.size);
    return work.queue.add(() => this.#download(entry, name, names));
  }

  /** Call when all downloads have ended. */
  close(): void {
    this.#folders.close();
  }

  /** Whether a key that spells it otherwise (`a//b`) became this file. */
  wroteRespelt(name: string): boolean {
    return this.#respelt.has(name);
  }

  #names({ object }: ListedEntry, name: string): TransferNames {
    return {
      operation: "download",
      source: formatS3Uri(this.#bucket, object.key),
      destination: this.#shown(name),
    };
  }

  async #download(entry: ListedEntry, name: string, names: TransferNames): Promise<void> {
    const { store, report, options } = this.#work;
    const { key, size, lastModified } = entry.object;
    const slash = name.lastIndexOf("/");
    let folder: HeldFolder | undefined;
    try {
      folder = this.#folders.hold(slash < 0 ? "" : name.slice(0, slash));
      const path = `${folder.path}/${name.slice(slash + 1)}`;
      if (hasRule(options.overwrite)) {
        const source = { size, modified: lastModified };
        const reason = reasonToSkip(options.overwrite, source, localVersion(path));
        if (reason !== undefined) {
          report.skipped(names, reason);
          return;
        }
      }
      const target: DownloadTarget = { kind: "file", path };
      await store.download({ bucket: this.#bucket, key }, target, {
        ...options.read,
        size,
        onBytes: report.onBytes,
      });
      report.done(names, size);
    } catch (error) {
      this.#failed(entry, names, renamed(error, folder, this.#root, name));
    } finally {
      folder?.release();
    }
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

  #admitCase(entry: ListedEntry, name: string): string | undefined {
    this.#cases ??= new CaseConflicts(this.#work.options.caseConflict, this.#root);
    if (!this.#cases.conflicts(name)) return name;
    const { source, destination = "" } = this.#names(entry, name);
    if (this.#cases.rule === "error") throw caseConflict(source, destination);
    if (this.#cases.rule === "warn") {
      this.#work.report.warned(caseConflictIgnored(source, destination));
      return name;
    }
    this.#work.report.warned(caseConflictSkipped(source, destination));
    return undefined;
  }
}

/** The same failure with the file's path as the user knows it, where it names an open folder. */
function renamed(error: unknown, folder: HeldFolder | undefined, root: string, name: string): unknown {
  if (!(error instanceof Failure) || folder === undefined || !error.message.includes(folder.path))
    return error;
  const slash = name.lastIndexOf("/");
  const real = slash < 0 ? root : `${root}/${name.slice(0, slash)}`;
  const { id, hint, exitCode, cause } = error;
  return new Failure(id, { message: error.message.replaceAll(folder.path, real), hint, exitCode, cause });
}
