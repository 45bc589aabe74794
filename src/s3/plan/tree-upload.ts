import { accessSync, constants, type Stats } from "node:fs";
import type { SkipReason } from "../../output/notice.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { displayBelow } from "../locations/display-path.js";
import { formatS3Uri } from "../locations/uri.js";
import type { UploadSource } from "../store.js";
import type { HeldFolders } from "../tree/held-folders.js";
import type { LocalEntry } from "../tree/local-entries.js";
import { GONE, UNREADABLE } from "../tree/notices.js";
import { openSourceBelow } from "../tree/source-file.js";
import { uploadOne } from "./upload-one.js";
import type { Work } from "./work.js";

/** Stands for every user that a user namespace does not know (user_namespaces(7)). */
const OVERFLOW_UID = 65_534;

/** Of an owner the system looks at nothing else than this bit (path_resolution(7)); so of most files nobody has to ask it. */
function isReadByOwner({ uid, mode }: Stats, ours: number | undefined): boolean {
  return uid === ours && ours !== OVERFLOW_UID && (mode & constants.S_IRUSR) !== 0;
}

/** Uploads files below a folder to keys below a prefix. */
export class TreeUpload {
  readonly #work: Work;
  readonly #folders: HeldFolders;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #shown: (name: string) => string;

  /**
   * @param root absolute path of the source folder
   * @param folders those below it; they stay the caller's
   */
  constructor(work: Work, root: string, folders: HeldFolders, bucket: string, prefix: string) {
    this.#work = work;
    this.#folders = folders;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#shown = displayBelow(root, work.workingFolder);
  }

  /**
   * Whether a file can be uploaded; warns when not. Asked of every file, needed or not: the AWS CLI warns of each that it
   * may not read.
   */
  admits(entry: LocalEntry): boolean {
    if (entry.isSkipped) return false;
    const problem = this.#problem(entry);
    if (problem !== undefined) this.#work.report.skippedFile(entry.path, problem);
    return problem === undefined;
  }

  /** Starts an upload; see TransferQueue.add. */
  submit(entry: LocalEntry): Promise<void> | undefined {
    const { stats } = entry;
    if (!this.admits(entry) || stats === undefined) return undefined;
    const { report, options, queue } = this.#work;
    const key = this.#prefix + entry.name;
    const names: TransferNames = {
      operation: "upload",
      source: this.#shown(entry.name),
      destination: formatS3Uri(this.#bucket, key),
    };
    if (!options.dryRun) report.expect(stats.size);
    const version = { size: stats.size, modified: stats.mtimeMs };
    return queue.add(() =>
      uploadOne(this.#work, names, this.#source(entry), version, { bucket: this.#bucket, key }),
    );
  }

  #source({ name, path }: LocalEntry): UploadSource {
    const { options, local } = this.#work;
    const rule = { uid: local.uid, follows: options.followSymlinks };
    return { kind: "file", path, open: () => openSourceBelow(this.#folders, name, path, rule) };
  }

  /** Why a file cannot be read, as far as it can be known before it is opened. */
  #problem({ name, stats }: LocalEntry): SkipReason | undefined {
    if (stats !== undefined && isReadByOwner(stats, this.#work.local.uid)) return undefined;
    try {
      this.#folders.inFolder(name, (path) => accessSync(path, constants.R_OK));
      return stats === undefined ? GONE : undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT" ? GONE : UNREADABLE;
    }
  }
}
