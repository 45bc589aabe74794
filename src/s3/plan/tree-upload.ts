import { accessSync, constants } from "node:fs";
import type { TransferNames } from "../../output/transfer-events.js";
import { displayBelow } from "../locations/display-path.js";
import { formatS3Uri } from "../locations/uri.js";
import type { LocalEntry } from "../tree/local-entries.js";
import { GONE, UNREADABLE } from "../tree/notices.js";
import { uploadOne } from "./upload-one.js";
import type { Work } from "./work.js";

/** Uploads files below a folder to keys below a prefix. */
export class TreeUpload {
  readonly #work: Work;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #shown: (name: string) => string;

  /** @param root absolute path of the source folder */
  constructor(work: Work, root: string, bucket: string, prefix: string) {
    this.#work = work;
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
    const problem = entry.stats === undefined ? GONE : readable(entry.path) ? undefined : UNREADABLE;
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
      uploadOne(this.#work, names, { kind: "file", path: entry.path }, version, {
        bucket: this.#bucket,
        key,
      }),
    );
  }
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
