import { dirname } from "node:path";
import type { TemporaryNames } from "../local/temporary-names.js";
import type { S3Store } from "../s3-store.js";
import type {
  ByteListener,
  DownloadTarget,
  ObjectRef,
  Store,
  UploadSource,
  WriteParameters,
} from "../store.js";
import type { SecondThread } from "./second-thread.js";

type DownloadOptions = Parameters<Store["download"]>[2];

/**
 * A store that shares many transfers with a second thread: one thread cannot sign, receive and write files as fast as
 * two. The first keeps the planning, the listings and the credentials, and does its part of the transfers.
 */
export class ThreadedStore implements Store {
  readonly #own: S3Store;
  readonly #second: SecondThread;
  readonly #names: TemporaryNames;

  constructor(own: S3Store, second: SecondThread, names: TemporaryNames) {
    this.#own = own;
    this.#second = second;
    this.#names = names;
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
    const { size, onHead, onBytes, ...read } = options;
    const simple = target.kind === "file" && onHead === undefined && read.customerKey === undefined;
    if (!simple || size === undefined) return here();
    this.#second.expect(size);
    // The other thread cannot tell whose leftovers are whose.
    this.#names.visit(dirname(target.path));
    const done = await this.#second.share(
      { kind: "download", ref, path: target.path, options: { ...read, size } },
      { onBytes },
      here,
    );
    return "here" in done ? done.here : { size };
  }

  async upload(
    source: UploadSource,
    ref: ObjectRef,
    parameters: WriteParameters,
    options: { readonly onBytes?: ByteListener } = {},
  ): Promise<void> {
    const here = () => this.#own.upload(source, ref, parameters, options);
    if (source.kind !== "file" || parameters.customerKey !== undefined) return here();
    this.#second.expect(0);
    await this.#second.share({ kind: "upload", ref, path: source.path, parameters }, options, here);
  }

  async abort(reason: Error): Promise<void> {
    await Promise.all([this.#second.abort(reason), this.#own.abort(reason)]);
  }

  async close(): Promise<void> {
    await this.#own.close();
    await this.#second.close();
  }
}
