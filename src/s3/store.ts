import type { Stats } from "node:fs";
import type { KeysOf } from "../aws/server-error.js";
import type { Credentials } from "../credentials/credentials.js";
import type { WireOptions } from "../http/wire.js";
import type { FilePlace } from "./local/file-place.js";

/** An object, or one version of it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** One entry of a listing. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch, whole seconds or finer as the server gave it; undefined where it gave none. */
  readonly lastModified?: number;
  readonly etag?: string;
  readonly storageClass?: string;
  /** From `x-amz-restore` of a listing with RestoreStatus: an archived object that can be read for now. */
  readonly restored?: boolean;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** CommonPrefixes, each with its trailing delimiter. */
  readonly prefixes: readonly string[];
  /** Why there may be more than the page has: it is good enough to copy by, and nothing may be deleted by it. */
  readonly doubt?: string;
}

export interface ListedBucket {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** Which buckets; all of them where nothing, or something empty, is said. */
export interface BucketsQuery {
  /** That their names begin with. */
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
  /** Buckets a page: 1 or more. */
  readonly pageSize?: number | undefined;
}

export interface ListQuery {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter?: string;
  /** Keys a page: 1 to 1000. */
  readonly pageSize?: number;
  /** The objects will be read. */
  readonly isToRead?: boolean;
}

/** What HEAD, or the first GET, tells of an object. Header names in lower case. */
export interface ObjectHead {
  readonly size: number;
  readonly etag?: string;
  readonly lastModified?: number;
  readonly storageClass?: string;
  readonly restore?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Customer-provided key (SSE-C): the algorithm and the raw key, 32 bytes. */
export interface CustomerKey {
  readonly algorithm: string;
  readonly key: Buffer;
}

/** What every request about a source object carries. */
export interface ReadParameters {
  readonly customerKey?: CustomerKey;
  /** `--checksum-mode ENABLED` asks for it even where `response_checksum_validation` says when_required. */
  readonly checksumMode?: string;
}

/** What a new object is given: the parameters of PutObject, CreateMultipartUpload and CopyObject, by their S3 names. */
export interface WriteParameters {
  readonly acl?: string;
  readonly grants?: readonly { permission: "read" | "full" | "readacl" | "writeacl"; grantee: string }[];
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  /** An HTTP date, or what stands in its place in the headers of an object that is copied. */
  readonly expires?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
  readonly serverSideEncryption?: string;
  readonly kmsKeyId?: string;
  readonly customerKey?: CustomerKey;
  readonly websiteRedirect?: string;
  readonly checksumAlgorithm?: string;
  /** `If-None-Match: *`: the object must not exist yet; a 412 becomes the Failure `s3-exists`. */
  readonly ifAbsent?: boolean;
}

export interface CopyParameters extends WriteParameters {
  /** COPY or REPLACE. */
  readonly metadataDirective?: string;
  /** none, metadata-directive or default (tags too), as `--copy-props` of the AWS CLI. */
  readonly copyProps: string;
  /** The customer key that the source is under. */
  readonly sourceCustomerKey?: CustomerKey;
  readonly sourceRegion?: string;
}

/** What is known of the source of a copy before it begins. */
export interface KnownSource {
  /** Bytes, and the ETag, of a listing. */
  readonly size?: number;
  readonly etag?: string | undefined;
  /** What HEAD has told of it just now. */
  readonly head?: ObjectHead | undefined;
}

/** Where a download goes. */
export type DownloadTarget =
  /** A regular file: written beside under a temporary name, renamed at the end, mtime set to the object's. */
  | ({ readonly kind: "file" } & FilePlace)
  /** Standard output, a fifo or a device: written straight through, in order. */
  | { readonly kind: "stream"; readonly fd: number };

/** A file that is open to be read, and its state as it was opened. */
export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

/** Where an upload comes from. */
export type UploadSource =
  | {
      readonly kind: "file";
      readonly path: string;
      /** Opens it to be read, and nothing but a regular file; absent: by its path. */
      readonly open?: () => OpenFile;
    }
  /** Standard input or a fifo; `expectedSize` in bytes makes parts large enough for it. */
  | { readonly kind: "stream"; readonly fd: number; readonly expectedSize?: number };

/** An object that has come. */
export interface Downloaded {
  /** Bytes. */
  readonly size: number;
  /** Why the file system did not take the time of the object's last change: the file is whole all the same. */
  readonly timeRefused: Error | undefined;
}

/** Told while bytes move: `bytes` more have arrived or been sent (negative when a part starts anew). */
export type ByteListener = (bytes: number) => void;

export interface StoreOptions extends WireOptions {
  /** Fresh-enough credentials for each request, at once where they are at hand; undefined sends unsigned requests (`--no-sign-request`). */
  readonly credentials: (() => Credentials | Promise<Credentials>) | undefined;
  /** Whose keys they are, for what S3 refuses. */
  readonly keysOf?: KeysOf | undefined;
  /** Called when S3 says that the keys have expired: the next `credentials()` must ask the source anew. */
  readonly expire: () => void;
  /** Where to ask first. */
  readonly region: string;
  readonly endpointUrl: string | undefined;
  /** Where a bucket's name goes; auto: into the host of AWS's own endpoints, and of those that demand it. */
  readonly addressingStyle: "path" | "virtual" | "auto";
  /** `requester`: every request about a bucket says that the requester pays for it. */
  readonly requestPayer: string | undefined;
  readonly dualStack: boolean;
  readonly fips: boolean;
  /** Whether what is sent carries a checksum that nobody asked for (`request_checksum_calculation`). */
  readonly requestChecksums: "when_supported" | "when_required";
  /** Whether the checksums of what is read are asked for (`response_checksum_validation`). */
  readonly responseChecksums: "when_supported" | "when_required";
  /** Transfers and parts at once; undefined: adaptive. */
  readonly concurrency: number | undefined;
  /** Bytes; undefined: chosen from the object's size. */
  readonly partSize: number | undefined;
}

/**
 * The S3 side's one door to a server. Every method throws a Failure with S3's own code and message, follows a bucket to
 * its region, retries what is worth it, and bounds its requests in flight by itself: callers may start many at once.
 */
export interface Store {
  /**
   * Whether it is Amazon S3, whose CopyObject minds `If-None-Match: *` (since 2025). Other stores may not know the condition,
   * and overwrite: nothing in a response tells of that in time.
   */
  readonly isAmazon: boolean;
  /** Pages in the server's order, which is that of the names. */
  listBuckets(query: BucketsQuery): AsyncIterable<readonly ListedBucket[]>;
  /** Pages in the server's order; a page token that does not advance is a Failure. */
  list(query: ListQuery): AsyncIterable<ListPage>;
  head(ref: ObjectRef, read?: ReadParameters): Promise<ObjectHead>;
  /**
   * GET first: no HEAD before. Verifies length, ranges and checksums; on any failure the target is as it was.
   * `size` and `listed` are what a listing told: what differs is believed when it is said again; `onHead` sees the first response before a byte is written and may throw to stop.
   */
  download(
    ref: ObjectRef,
    target: DownloadTarget,
    options: ReadParameters & {
      readonly size?: number;
      readonly listed?: Pick<ListedObject, "etag" | "lastModified">;
      readonly onHead?: (head: ObjectHead) => void;
      readonly onBytes?: ByteListener;
      /** Told when all has come and there was no checksum to verify it with, of an object in several parts. */
      readonly onUnverified?: (reason: string) => void;
    },
  ): Promise<Downloaded>;
  upload(
    source: UploadSource,
    ref: ObjectRef,
    parameters: WriteParameters,
    options?: { readonly onBytes?: ByteListener },
  ): Promise<void>;
  copy(
    source: ObjectRef,
    target: ObjectRef,
    parameters: CopyParameters,
    options?: KnownSource & { readonly onBytes?: ByteListener },
  ): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  /** Stops every transfer: their temporary files are removed and their multipart uploads aborted when this resolves. */
  abort(reason: Error): Promise<void>;
  close(): Promise<void>;
}
