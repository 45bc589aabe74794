import { formatS3Uri } from "../locations/uri.js";
import type { ListedEntry } from "../tree/listed-entries.js";
import { copyOne } from "./copy-one.js";
import { isArchived, type Work, warnArchived } from "./work.js";

/** Copies objects below one prefix to keys below another. */
export class TreeCopy {
  readonly #work: Work;
  readonly #sourceBucket: string;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(work: Work, sourceBucket: string, bucket: string, prefix: string) {
    this.#work = work;
    this.#sourceBucket = sourceBucket;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /**
   * Starts a copy; see TransferQueue.add.
   *
   * @param isThere whether there is an object at the target, where a listing has told
   */
  submit({ name, object }: ListedEntry, isThere?: boolean): Promise<void> | undefined {
    const { report, options, queue } = this.#work;
    const { key, size } = object;
    if (!options.forceGlacierTransfer && isArchived(object)) {
      warnArchived(this.#work, "copy", formatS3Uri(this.#sourceBucket, key));
      return undefined;
    }
    const source = { bucket: this.#sourceBucket, ...object };
    const target = { bucket: this.#bucket, key: this.#prefix + name };
    if (!options.dryRun) report.expect(size);
    return queue.add(() => copyOne(this.#work, source, target, isThere));
  }
}
