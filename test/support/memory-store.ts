import { closeSync, readFileSync, renameSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { ServerError } from "../../src/aws/server-error.js";
import { ExitCode, Failure } from "../../src/failure.js";
import { holdPlace } from "../../src/s3/local/file-place.js";
import type {
  Downloaded,
  DownloadTarget,
  ListedBucket,
  ListPage,
  ListQuery,
  ObjectHead,
  ObjectRef,
  Store,
  UploadSource,
} from "../../src/s3/store.js";

/** An object of the store in memory. */
export interface Held {
  readonly body: string;
  /** Milliseconds since the epoch; absent: the server does not tell. */
  readonly modified?: number;
  readonly etag?: string;
  readonly storageClass?: string;
  /** `x-amz-restore` of a HEAD, and what a listing says of it. */
  readonly restore?: string;
  readonly restored?: boolean;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A failure as the S3 side throws it, with what S3 answered as its cause. */
export function refusal(id: string, status = 400, code = ""): Failure {
  const body = Buffer.from(code && `<Error><Code>${code}</Code></Error>`);
  const response = { status, headers: {}, body } as never;
  const cause = new ServerError(response, "HeadObject");
  return new Failure(id, { message: `refused: ${id}`, exitCode: ExitCode.failed, cause });
}

/** An S3 in memory. Everything takes a few turns of the event loop, as on a network. */
export class MemoryStore implements Store {
  isAmazon = false;
  /** By `BUCKET/KEY`. */
  readonly objects = new Map<string, Held>();
  /** What came, in its order: `GetObject b/p/a`. */
  readonly asked: string[] = [];
  /** What the last call of each kind for each object was given. */
  readonly given = new Map<string, unknown>();
  /** What the last upload to each key came from, but how it was opened. */
  readonly sources = new Map<string, unknown>();
  /** Where the last download of each object went. */
  readonly targets = new Map<string, DownloadTarget>();
  /** What calls throw, by the same line as in `asked`; a listing throws it after its pages. */
  readonly refusals = new Map<string, unknown>();
  /** Of listings, by bucket and prefix. */
  readonly doubts = new Map<string, string>();
  /** Listings that are in another order than that of bytes. */
  readonly unsorted = new Set<string>();
  timeRefused: Error | undefined;
  unverified: string | undefined;
  #running = 0;
  /** The most calls that were under way at once. */
  most = 0;

  listBuckets(): AsyncIterable<readonly ListedBucket[]> {
    throw new Error("not in this store");
  }

  async *list(query: ListQuery): AsyncGenerator<ListPage> {
    const line = `ListObjectsV2 ${query.bucket}/${query.prefix}`;
    this.asked.push(line);
    this.given.set(line, query);
    const inBucket = [...this.objects].flatMap(([name, held]) =>
      name.startsWith(`${query.bucket}/${query.prefix}`)
        ? [{ key: name.slice(query.bucket.length + 1), held }]
        : [],
    );
    const objects = inBucket
      .sort((a, b) => byBytes(a.key, b.key))
      .map(({ key, held: { body, modified, etag, storageClass, restored } }) => ({
        key,
        size: Buffer.byteLength(body),
        ...(modified === undefined ? {} : { lastModified: modified }),
        ...(etag === undefined ? {} : { etag }),
        ...(storageClass === undefined ? {} : { storageClass }),
        ...(restored === undefined ? {} : { restored }),
      }));
    const doubt = this.doubts.get(`${query.bucket}/${query.prefix}`);
    if (this.unsorted.has(`${query.bucket}/${query.prefix}`)) objects.reverse();
    const size = query.pageSize ?? 1000;
    for (let start = 0; start < Math.max(1, objects.length); start += size) {
      await new Promise(setImmediate);
      yield { objects: objects.slice(start, start + size), prefixes: [], ...(doubt && { doubt }) };
    }
    if (this.refusals.has(line)) throw this.refusals.get(line);
  }

  async #call<T>(operation: string, { bucket, key }: ObjectRef, given: unknown, answer: () => T): Promise<T> {
    const line = `${operation} ${bucket}/${key}`;
    this.asked.push(line);
    this.given.set(line, given);
    this.most = Math.max(this.most, ++this.#running);
    try {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      if (this.refusals.has(line)) throw this.refusals.get(line);
      return answer();
    } finally {
      this.#running--;
    }
  }

  #held({ bucket, key }: ObjectRef): Held {
    const held = this.objects.get(`${bucket}/${key}`);
    if (held === undefined) throw refusal("s3-no-such-key", 404, "NoSuchKey");
    return held;
  }

  #headOf(ref: ObjectRef): ObjectHead {
    const { body, modified, etag, storageClass, restore } = this.#held(ref);
    return {
      size: Buffer.byteLength(body),
      headers: {},
      ...(modified === undefined ? {} : { lastModified: modified }),
      ...(etag === undefined ? {} : { etag }),
      ...(storageClass === undefined ? {} : { storageClass }),
      ...(restore === undefined ? {} : { restore }),
    };
  }

  head(ref: ObjectRef, read?: unknown): Promise<ObjectHead> {
    return this.#call("HeadObject", ref, read, () => this.#headOf(ref));
  }

  download(
    ref: ObjectRef,
    target: DownloadTarget,
    options: Parameters<Store["download"]>[2],
  ): Promise<Downloaded> {
    this.targets.set(`${ref.bucket}/${ref.key}`, target);
    return this.#call("GetObject", ref, { ...ref, ...options }, () => {
      const { size, lastModified } = this.#headOf(ref);
      options.onHead?.(this.#headOf(ref));
      options.onBytes?.(size);
      if (this.unverified !== undefined) options.onUnverified?.(this.unverified);
      const { body } = this.#held(ref);
      if (target.kind === "stream") writeSync(target.fd, body);
      else writeTo(target, body, lastModified);
      return { size, timeRefused: this.timeRefused };
    });
  }

  upload(
    source: UploadSource,
    ref: ObjectRef,
    parameters: Parameters<Store["upload"]>[2],
    options: Parameters<Store["upload"]>[3],
  ): Promise<void> {
    const { open: _, ...from } = { open: undefined, ...source };
    this.sources.set(`${ref.bucket}/${ref.key}`, from);
    return this.#call("PutObject", ref, parameters, () => {
      const body = source.kind === "stream" ? `descriptor ${source.fd}` : contentOf(source);
      this.#write(ref, parameters.ifAbsent, body);
      options?.onBytes?.(Buffer.byteLength(body));
    });
  }

  copy(
    source: ObjectRef,
    target: ObjectRef,
    parameters: Parameters<Store["copy"]>[2],
    known: Parameters<Store["copy"]>[3],
  ): Promise<void> {
    return this.#call("CopyObject", target, { source, parameters, known }, () => {
      const { body } = this.#held(source);
      this.#write(target, parameters.ifAbsent, body);
      known?.onBytes?.(Buffer.byteLength(body));
    });
  }

  remove(ref: ObjectRef): Promise<void> {
    return this.#call("DeleteObject", ref, undefined, () => {
      this.objects.delete(`${ref.bucket}/${ref.key}`);
    });
  }

  #write({ bucket, key }: ObjectRef, ifAbsent: boolean | undefined, body: string): void {
    const name = `${bucket}/${key}`;
    if (ifAbsent === true && this.objects.has(name)) throw refusal("s3-exists", 412);
    this.objects.set(name, { body, modified: 1_000_000 });
  }

  async abort(): Promise<void> {}
  async close(): Promise<void> {}
}

function contentOf({ path, open }: UploadSource & { kind: "file" }): string {
  const fd = open?.().fd;
  try {
    return readFileSync(fd ?? path, "utf8");
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function writeTo(
  target: DownloadTarget & { kind: "file" },
  body: string,
  modified: number | undefined,
): void {
  const place = holdPlace(target);
  try {
    place.checkFolder();
    place.checkTarget();
    const beside = `${place.path}.new`;
    writeFileSync(beside, body);
    if (modified !== undefined) utimesSync(beside, modified / 1000, modified / 1000);
    renameSync(beside, place.path);
  } finally {
    place.release();
  }
}
