import { randomBytes } from "node:crypto";
import type { Checksum } from "./checksums.js";
import { accessDenied, noSuchBucket, noSuchKey, S3Error } from "./s3-error.js";
import type { S3Request } from "./s3-request.js";

/** One version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch; whole seconds, as S3 tells it in Last-Modified. */
  readonly lastModified: number;
  readonly versionId: string;
  readonly isDeleteMarker?: true;
  /** Content-Type, Cache-Control … as they are answered; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly acl?: string;
  /** The x-amz-grant-… headers as they came. */
  readonly grants?: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: S3's own, CRC64NVME of the whole, computed when it is asked for. */
  readonly checksum?: Checksum;
  /** Lengths of its parts, for `partNumber=`. */
  readonly parts?: readonly number[];
  readonly encryption?: Readonly<Record<string, string>>;
  /** MD5 of the customer's key that it is under, in base64. */
  readonly customerKeyMd5?: string;
  /** The x-amz-restore header: an archived object that can be read for now. */
  readonly restore?: string;
}

export interface UploadedPart {
  readonly body: Buffer;
  readonly etag: string;
  readonly checksum?: string;
  readonly lastModified: number;
}

/** A multipart upload that is neither completed nor aborted. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly initiated: number;
  /** Headers of CreateMultipartUpload: what the object will be given. */
  readonly request: S3Request;
  readonly checksumAlgorithm?: string;
  readonly checksumType?: "FULL_OBJECT" | "COMPOSITE";
  readonly parts: Map<number, UploadedPart>;
}

/** A bucket; tests look into it and change it as they like. */
export class Bucket {
  readonly name: string;
  readonly region: string;
  readonly created: number;
  /** Versions of each key, the newest last. */
  readonly versions = new Map<string, StoredObject[]>();
  readonly uploads = new Map<string, MultipartUpload>();
  versioning = false;
  requesterPays = false;
  /** Anyone may read it without a signature. */
  isPublic = false;
  /** Actions that nobody may do here: `s3:GetObject`, `s3:PutObject`, `s3:ListBucket`, `s3:DeleteObject`. */
  readonly denied = new Set<string>();

  constructor(name: string, region: string, created: number) {
    this.name = name;
    this.region = region;
    this.created = created;
  }

  /** The current version; undefined when there is none or it is deleted. */
  object(key: string): StoredObject | undefined {
    const newest = this.versions.get(key)?.at(-1);
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /** Keys of all current objects, in the order of their UTF-8 bytes. */
  keys(): string[] {
    return [...this.versions.keys()]
      .filter((key) => this.object(key) !== undefined)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  store(object: StoredObject): StoredObject {
    const kept = this.versioning ? (this.versions.get(object.key) ?? []) : [];
    const stored = { ...object, versionId: this.versioning ? randomBytes(12).toString("hex") : "null" };
    this.versions.set(object.key, [...kept, stored]);
    return stored;
  }

  /** Removes a version, or the key: with versioning that puts a delete marker. */
  remove(key: string, versionId: string | undefined, now: number): void {
    if (versionId !== undefined) {
      const left = (this.versions.get(key) ?? []).filter((version) => version.versionId !== versionId);
      if (left.length > 0) this.versions.set(key, left);
      else this.versions.delete(key);
    } else if (this.versioning) {
      this.store({ ...emptyObject(key, now), isDeleteMarker: true });
    } else {
      this.versions.delete(key);
    }
  }

  /** @throws S3Error AccessDenied */
  allow(action: string): void {
    if (this.denied.has(action)) {
      throw accessDenied(
        `User is not authorized to perform: ${action} on resource: "arn:aws:s3:::${this.name}" because no identity-based policy allows the ${action} action`,
      );
    }
  }

  /** @throws S3Error as S3: who may not list does not learn that a key is missing */
  find(key: string, versionId?: string): StoredObject {
    this.allow("s3:GetObject");
    const versions = this.versions.get(key) ?? [];
    const found =
      versionId === undefined ? versions.at(-1) : versions.find((it) => it.versionId === versionId);
    if (found !== undefined && !found.isDeleteMarker) return found;
    this.allow("s3:ListBucket");
    if (versionId !== undefined && found === undefined) {
      throw new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
    }
    throw noSuchKey(key);
  }
}

function emptyObject(key: string, now: number): StoredObject {
  return {
    key,
    body: Buffer.alloc(0),
    etag: "",
    lastModified: Math.floor(now / 1000) * 1000,
    versionId: "null",
    headers: {},
    metadata: {},
    storageClass: "STANDARD",
    tags: {},
  };
}

/** All buckets of a server. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  create(name: string, region: string, now: number): Bucket {
    const bucket = new Bucket(name, region, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  delete(name: string): void {
    this.#buckets.delete(name);
  }

  /** @throws S3Error NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }
}
