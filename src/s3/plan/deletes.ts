import { deletesLeftOut } from "./notices.js";
import type { Work } from "./work.js";

/** How far a source and a target are known. */
export interface Known {
  /** A local folder that could not be read. */
  readonly unread?: string | undefined;
  /** Why a listing is not to be deleted by, in the words of a clause. */
  readonly doubt?: string | undefined;
}

/**
 * What a sync deletes, kept until everything else is done: a run never destroys before it has saved. When a transfer
 * failed, or when a folder could not be read or a listing not be trusted, nothing is deleted at all; a listing that fails ends
 * the run before.
 */
export class Deletes {
  readonly #work: Work;
  readonly #wanted: boolean;
  readonly #names: string[] = [];

  /** @param wanted whether `--delete` was given */
  constructor(work: Work, wanted: boolean) {
    this.#work = work;
    this.#wanted = wanted;
  }

  /**
   * The target has a name that the source has not.
   *
   * @param name relative to the root of the target; one that filters leave out as a name, whatever the root, is kept
   */
  add(name: string): undefined {
    if (!this.#wanted || !this.#work.options.filters.accepts(name)) return;
    // A copy: part of a page's text would keep the whole page in memory.
    this.#names.push(Buffer.from(name).toString());
  }

  /**
   * Waits for all transfers, and then deletes.
   *
   * @param known how far the source and the target are known
   * @param remove starts to delete one; see TransferQueue.add
   */
  async run(known: Known, remove: (name: string) => Promise<void> | undefined): Promise<void> {
    const { queue, report } = this.#work;
    await queue.idle();
    if (!this.#wanted || queue.isStopped) return;
    const reason = this.#reasonNotTo(known);
    if (reason !== undefined) {
      report.warned(deletesLeftOut(reason));
      return;
    }
    for (const name of this.#names) {
      const wait = remove(name);
      if (wait !== undefined) await wait;
    }
    await queue.idle();
  }

  /** But for a folder there is nothing to say when nothing would have been deleted. */
  #reasonNotTo({ unread, doubt }: Known): string | undefined {
    if (unread !== undefined) return `the folder ${unread} could not be read`;
    if (this.#names.length === 0) return undefined;
    if (doubt !== undefined) return doubt;
    const { failures } = this.#work.report;
    if (failures === 0) return undefined;
    return failures === 1 ? "a transfer failed" : `${failures} transfers failed`;
  }
}
