import { createHash } from "node:crypto";
import { Failure } from "../../failure.js";
import { asFailure, LIST_EXIT } from "../failures.js";
import type { Filters } from "../filters/filters.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import type { ListedObject, ListQuery, ObjectHead, ObjectRef, Store } from "../store.js";
import { isFolderMarker } from "../tree/listed-entries.js";
import { nothingBelow, nothingLeft, withoutETag } from "./failures.js";
import { folderPrefix } from "./source-objects.js";

export interface CacheKeyRequest {
  readonly uris: readonly S3Uri[];
  readonly filters: Filters;
  readonly pageSize: number | undefined;
}

/** What a key is made from. */
type Digests = Set<string>;

/** One object as 32 bytes: 100,000 objects are then 3 MB to sort, however long their keys. */
function entryDigest(bucket: string, key: string, size: number, etag: string): string {
  return createHash("sha256")
    .update(JSON.stringify([bucket, key, size, etag]))
    .digest("binary");
}

/**
 * A digest over bucket, key, size and ETag of every object that the URIs mean: it changes whenever what `cp` brings
 * changes, and otherwise not. It does not depend on the order of URIs or of the listing, nor on paging or times. A URI
 * means the object that it names, and all below it.
 *
 * @returns 64 hexadecimal digits
 * @throws Failure 1 when one of the URIs means nothing, the filters leave nothing, or an object has no ETag
 */
export async function cacheKey(store: Store, request: CacheKeyRequest): Promise<string> {
  const digests: Digests = new Set();
  for (const uri of request.uris) {
    const named = await addObject(store, uri, request, digests);
    const below = await addTree(store, uri, request, digests, named);
    if (!named && !below) throw nothingBelow(formatS3Uri(uri.bucket, folderPrefix(uri.key)));
  }
  if (digests.size === 0) throw nothingLeft();
  const whole = createHash("sha256");
  for (const digest of [...digests].sort()) whole.update(digest, "binary");
  return whole.digest("hex");
}

/** @returns whether there is such an object, filtered or not; a folder's marker is none */
async function addObject(
  store: Store,
  { bucket, key }: S3Uri,
  { filters }: CacheKeyRequest,
  digests: Digests,
): Promise<boolean> {
  if (key === "" || key.endsWith("/")) return false;
  try {
    const head = await headOf(store, { bucket, key });
    // As for cp, a single object's filters see the last part of its key.
    if (filters.accepts(key.slice(key.lastIndexOf("/") + 1)))
      digests.add(entryDigest(bucket, key, head.size, requireETag(bucket, key, head.etag)));
    return true;
  } catch (error) {
    // A role that may only list is told 403; the listing then decides.
    if (isOneOf(error, "s3-no-such-key", "s3-access-denied")) return false;
    throw error;
  }
}

/** @returns whether anything is below the URI, filtered or not */
async function addTree(
  store: Store,
  { bucket, key }: S3Uri,
  { filters, pageSize }: CacheKeyRequest,
  digests: Digests,
  named: boolean,
): Promise<boolean> {
  const prefix = folderPrefix(key);
  const query: ListQuery = {
    bucket,
    prefix,
    ...(pageSize === undefined ? {} : { pageSize }),
  };
  let found = false;
  try {
    for await (const { objects } of store.list(query)) {
      for (const object of objects) {
        if (isFolderMarker(object)) continue;
        found = true;
        if (filters.accepts(object.key.slice(prefix.length)))
          digests.add(await listedDigest(store, bucket, object));
      }
    }
  } catch (error) {
    // A role that may read an object, and not list: what is below is out of reach for cp as well.
    if (!named || !isOneOf(error, "s3-access-denied")) throw error;
  }
  return found;
}

/** A listing may come without ETags; a HEAD has one then. */
async function listedDigest(
  store: Store,
  bucket: string,
  { key, size, etag }: ListedObject,
): Promise<string> {
  if (etag !== undefined && etag !== "") return entryDigest(bucket, key, size, etag);
  const head = await headOf(store, { bucket, key });
  return entryDigest(bucket, key, head.size, requireETag(bucket, key, head.etag));
}

function requireETag(bucket: string, key: string, etag: string | undefined): string {
  if (etag === undefined || etag === "") throw withoutETag(formatS3Uri(bucket, key));
  return etag;
}

function isOneOf(error: unknown, ...ids: string[]): boolean {
  return error instanceof Failure && ids.includes(error.id);
}

/** @throws Failure with the exit code that ls gives S3's error */
async function headOf(store: Store, ref: ObjectRef): Promise<ObjectHead> {
  try {
    return await store.head(ref);
  } catch (error) {
    const again = error instanceof Failure ? asFailure(error.cause, LIST_EXIT) : error;
    throw again instanceof Failure ? again : error;
  }
}
