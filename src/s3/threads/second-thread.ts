import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { THREAD_ARGUMENT } from "../../cli/thread-argument.js";
import type { Context } from "../../context.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { Stop } from "../requests/stop.js";
import type { ByteListener, StoreOptions } from "../store.js";
import type { Job, JobResult, ThreadData } from "./messages.js";
import { ThreadLost, TransferThread } from "./transfer-thread.js";

/** Objects, or bytes, after which a second thread is worth its start (some 50 ms of one core, 20 MB). */
const WORTH_OBJECTS = 200;
const WORTH_BYTES = 64 * 1024 * 1024;

/** Jobs that the thread has at once: more than it may have in flight, so that it is never idle. */
const FULL_THREAD = 64;

/** MiB for what dies young, which is all of ours: more would only be memory. */
const YOUNG = 8;

/** A second thread that is started when there is enough to do for two. */
export class SecondThread {
  readonly #options: StoreOptions;
  readonly #names: TemporaryNames;
  readonly #context: Context;
  #thread: TransferThread | undefined;
  #started = false;
  #objects = 0;
  #bytes = 0;
  /** Of the jobs that could have gone to the thread: those that are under way here. */
  #inFlightHere = 0;
  #reason: Error | undefined;
  /** Called when it is up. */
  onReady: () => void = () => undefined;

  constructor(options: StoreOptions, names: TemporaryNames, context: Context) {
    this.#options = options;
    this.#names = names;
    this.#context = context;
  }

  /** There is an object of `bytes` to transfer. */
  expect(bytes: number): void {
    this.#objects++;
    this.#bytes += bytes;
    if (!this.#started && (this.#objects >= WORTH_OBJECTS || this.#bytes >= WORTH_BYTES)) {
      this.#started = true;
      void this.#start();
    }
  }

  /**
   * Has a job done by the thread, or here.
   *
   * @param stop cancels the job in the thread; it has ended when this rejects
   * @returns what came of it in the thread; what `here` returned otherwise
   */
  async share<T>(
    job: Job,
    { onBytes, stop }: { onBytes?: ByteListener | undefined; stop?: Stop | undefined },
    here: () => Promise<T>,
  ): Promise<{ there: JobResult } | { here: T }> {
    const thread = this.#thread;
    if (thread?.isReady && thread.inFlight < this.#most(job)) {
      let moved = 0;
      const listener = (bytes: number) => {
        moved += bytes;
        onBytes?.(bytes);
      };
      try {
        return { there: await thread.run(job, listener, stop) };
      } catch (error) {
        // Why it was stopped is more to the point than that it was.
        const stopped = stop?.reason ?? this.#reason;
        if (stopped !== undefined) throw stopped;
        if (!(error instanceof ThreadLost)) throw error;
        onBytes?.(-moved);
      }
    }
    this.#inFlightHere++;
    try {
      return { here: await here() };
    } finally {
      this.#inFlightHere--;
    }
  }

  /** Its jobs have ended, with their temporary files gone, when this resolves. */
  async abort(reason: Error): Promise<void> {
    this.#reason = reason;
    await this.#thread?.abort();
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  /** How many jobs the thread may have to be given this one. */
  #most({ kind }: Job): number {
    // The first thread plans besides, so it takes of whole objects what is too much for the other; pieces of one object
    // cost it nothing but their bytes.
    return kind === "piece" || kind === "part" ? this.#inFlightHere + 1 : FULL_THREAD;
  }

  /** Where there is a core for it, and the user has not said how much is to happen at once. */
  async #start(): Promise<void> {
    const { concurrency, credentials } = this.#options;
    const { scriptPath } = this.#context;
    if (concurrency !== undefined || availableParallelism() < 2 || !existsSync(scriptPath)) return;
    try {
      const { Worker } = await import("node:worker_threads");
      const first = await credentials?.();
      if (this.#reason !== undefined) return;
      const { credentials: _, expire: __, ...plain } = this.#options;
      const workerData: ThreadData = {
        options: plain,
        credentials: first,
        run: this.#names.run,
        debugging: this.#context.debugging,
      };
      const worker = new Worker(scriptPath, {
        argv: [THREAD_ARGUMENT],
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
      });
      this.#thread = new TransferThread(worker, first, this.#options, this.#context, this.onReady);
      this.#context.debug("a second thread helps from here on");
    } catch (error) {
      this.#context.debug(`no second thread: ${(error as Error).message}`);
    }
  }
}
