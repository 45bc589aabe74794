import { isAmazonS3Url } from "../aws/partition.js";
import type { Context } from "../context.js";
import { Cancellation } from "../http/cancellation.js";
import { Copy } from "./copies/copy.js";
import type { DownloadOptions, DownloadTools } from "./downloads/download.js";
import { withoutCorruption } from "./downloads/without-corruption.js";
import { asFailure, LIST_EXIT, type ServiceExitCodes, TRANSFER_EXIT } from "./failures.js";
import { descriptorBudget, withDescriptors } from "./local/descriptors.js";
import type { TemporaryNames } from "./local/temporary-names.js";
import { headObject } from "./objects/head.js";
import { listObjects } from "./objects/list.js";
import { listBuckets } from "./objects/list-buckets.js";
import { removeObject } from "./objects/remove.js";
import { Sender } from "./requests/sender.js";
import { Turns } from "./requests/turns.js";
import { RareRequests } from "./sdk/rare-requests.js";
import type {
  BucketsQuery,
  CopyParameters,
  Downloaded,
  DownloadTarget,
  KnownSource,
  ListedBucket,
  ListPage,
  ListQuery,
  ObjectHead,
  ObjectRef,
  ReadParameters,
  Store,
  StoreOptions,
  UploadSource,
  WriteParameters,
} from "./store.js";
import { Upload, type UploadTools } from "./uploads/upload.js";
import { UploadChecksums } from "./uploads/upload-checksums.js";

type Listener = { readonly onBytes?: (bytes: number) => void };

/** The door to an S3 server. */
export class S3Store implements Store {
  readonly isAmazon: boolean;
  readonly #sender: Sender;
  readonly #rare: RareRequests;
  readonly #downloads: DownloadTools;
  readonly #uploads: UploadTools;
  readonly #cancellation = new Cancellation();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: StoreOptions, context: Context, names: TemporaryNames) {
    const { concurrency, partSize, endpointUrl } = options;
    this.isAmazon = endpointUrl === undefined || isAmazonS3Url(endpointUrl);
    const budget = descriptorBudget(concurrency);
    const sender = new Sender(options, context, budget.requests);
    const files = new Turns(budget.files);
    this.#sender = sender;
    this.#rare = new RareRequests(sender);
    this.#downloads = {
      sender,
      files,
      names,
      context,
      rangeSize: partSize,
      verifies: options.responseChecksums === "when_supported",
    };
    this.#uploads = {
      sender,
      files,
      rare: this.#rare,
      isAmazon: this.isAmazon,
      checksums: new UploadChecksums(
        options.requestChecksums,
        !/^http:/i.test(options.endpointUrl ?? ""),
        sender.refused,
      ),
      context,
      partSize,
    };
  }

  async *listBuckets(query: BucketsQuery): AsyncGenerator<readonly ListedBucket[]> {
    try {
      yield* listBuckets(this.#rare, query, this.#cancellation);
    } catch (error) {
      throw asFailure(error, LIST_EXIT);
    }
  }

  async *list(query: ListQuery): AsyncGenerator<ListPage> {
    try {
      yield* listObjects(this.#sender, query, this.#cancellation);
    } catch (error) {
      throw asFailure(error, LIST_EXIT);
    }
  }

  head(ref: ObjectRef, read: ReadParameters = {}): Promise<ObjectHead> {
    return this.#run(TRANSFER_EXIT, (cancellation) =>
      headObject(this.#sender, ref, read, cancellation, { mayGet: true }),
    );
  }

  download(ref: ObjectRef, target: DownloadTarget, options: DownloadOptions): Promise<Downloaded> {
    const { onHead } = options;
    let told = false;
    const once = (head: ObjectHead) => {
      if (!told) onHead?.(head);
      told = true;
    };
    return withDescriptors(() =>
      this.#run(TRANSFER_EXIT, (cancellation) =>
        withoutCorruption(this.#downloads, ref, target, { ...options, onHead: once }, cancellation),
      ),
    );
  }

  upload(
    source: UploadSource,
    ref: ObjectRef,
    parameters: WriteParameters,
    { onBytes }: Listener = {},
  ): Promise<void> {
    return this.#run(TRANSFER_EXIT, (cancellation) =>
      new Upload(this.#uploads, ref, parameters, onBytes, cancellation).run(source),
    );
  }

  copy(
    source: ObjectRef,
    target: ObjectRef,
    parameters: CopyParameters,
    { onBytes, ...known }: Listener & KnownSource = {},
  ): Promise<void> {
    return this.#run(TRANSFER_EXIT, (cancellation) =>
      new Copy(this.#uploads, source, target, parameters, onBytes, cancellation).run(known),
    );
  }

  remove(ref: ObjectRef): Promise<void> {
    return this.#run(TRANSFER_EXIT, (cancellation) => removeObject(this.#sender, ref, cancellation));
  }

  async abort(reason: Error): Promise<void> {
    this.#cancellation.cancel(reason);
    await Promise.allSettled([...this.#running]);
    await this.#sender.destroy();
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#running]);
    await this.#sender.destroy();
  }

  /** Runs one job under a cancellation of its own, with its failure put into words. */
  async #run<T>(exit: ServiceExitCodes, work: (cancellation: Cancellation) => Promise<T>): Promise<T> {
    const { cancellation, release } = this.#cancellation.child();
    const running = work(cancellation);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw asFailure(error, exit);
    } finally {
      release();
      this.#running.delete(running);
    }
  }
}
