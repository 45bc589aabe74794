import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { Context } from "../../context.js";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { S3Store } from "../open-store.js";
import type {
  ByteListener,
  DownloadTarget,
  ObjectRef,
  Store,
  StoreOptions,
  UploadSource,
  WriteParameters,
} from "../store.js";
import type { Job } from "./messages.js";
import { ThreadLost, TransferThread } from "./transfer-thread.js";

/** Objects after which a second thread is worth its start (some 50 ms of one core, 20 MB). */
const WORTH_A_THREAD = 200;

type DownloadOptions = Parameters<Store["download"]>[2];

/**
 * A store that shares many transfers with a second thread: one thread cannot sign, receive and write files as fast as
 * two. The first keeps the planning, the listings and the credentials, and does its part of the transfers.
 */
export class ThreadedStore implements Store {
  readonly #own: S3Store;
  readonly #options: StoreOptions;
  readonly #names: TemporaryNames;
  readonly #context: Context;
  #thread: TransferThread | undefined;
  #transfers = 0;
  /** Of the transfers that could have gone to the other thread: those that are under way here. */
  #inFlightHere = 0;
  #reason: Error | undefined;

  constructor(own: S3Store, options: StoreOptions, names: TemporaryNames, context: Context) {
    this.#own = own;
    this.#options = options;
    this.#names = names;
    this.#context = context;
  }

  listBuckets: Store["listBuckets"] = () => this.#own.listBuckets();
  list: Store["list"] = (query) => this.#own.list(query);
  head: Store["head"] = (ref, read) => this.#own.head(ref, read);
  copy: Store["copy"] = (...parameters) => this.#own.copy(...parameters);
  remove: Store["remove"] = (...parameters) => this.#own.remove(...parameters);

  async download(
    ref: ObjectRef,
    target: DownloadTarget,
    options: DownloadOptions,
  ): Promise<{ readonly size: number }> {
    const here = () => this.#own.download(ref, target, options);
    const { size, onHead, onBytes, customerKey, ...read } = options;
    const simple = target.kind === "file" && onHead === undefined && customerKey === undefined;
    if (!simple || size === undefined) return here();
    // The other thread cannot tell whose leftovers are whose.
    this.#names.visit(dirname(target.path));
    const job: Job = { kind: "download", ref, path: target.path, options: { ...read, size } };
    return (await this.#share(job, onBytes, here)) ?? { size };
  }

  async upload(
    source: UploadSource,
    ref: ObjectRef,
    parameters: WriteParameters,
    options: { readonly onBytes?: ByteListener } = {},
  ): Promise<void> {
    const here = () => this.#own.upload(source, ref, parameters, options);
    if (source.kind !== "file" || parameters.customerKey !== undefined) return here();
    await this.#share({ kind: "upload", ref, path: source.path, parameters }, options.onBytes, here);
  }

  async abort(reason: Error): Promise<void> {
    this.#reason = reason;
    await Promise.all([this.#own.abort(reason), this.#thread?.abort()]);
  }

  async close(): Promise<void> {
    await this.#own.close();
    await this.#thread?.close();
  }

  /** @returns undefined when the other thread has done it */
  async #share<T>(
    job: Job,
    onBytes: ByteListener | undefined,
    here: () => Promise<T>,
  ): Promise<T | undefined> {
    if (++this.#transfers === WORTH_A_THREAD) void this.#start();
    const thread = this.#thread;
    if (thread?.isReady && thread.inFlight <= this.#inFlightHere) {
      let moved = 0;
      try {
        await thread.run(job, (bytes) => {
          moved += bytes;
          onBytes?.(bytes);
        });
        return undefined;
      } catch (error) {
        if (this.#reason !== undefined) throw this.#reason;
        if (!(error instanceof ThreadLost)) throw error;
        onBytes?.(-moved);
      }
    }
    this.#inFlightHere++;
    try {
      return await here();
    } finally {
      this.#inFlightHere--;
    }
  }

  /** Where there is a core for it, and the user has not said how much is to happen at once. */
  async #start(): Promise<void> {
    const { concurrency, credentials } = this.#options;
    const { scriptPath } = this.#context;
    if (concurrency !== undefined || availableParallelism() < 2 || !existsSync(scriptPath)) return;
    try {
      const first = await credentials?.();
      if (this.#reason !== undefined) return;
      this.#thread = new TransferThread(this.#options, this.#names.run, first, this.#context);
      this.#context.debug("a second thread helps from here on");
    } catch (error) {
      this.#context.debug(`no second thread: ${(error as Error).message}`);
    }
  }
}
