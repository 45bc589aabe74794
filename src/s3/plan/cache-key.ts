import { createHash } from "node:crypto";
import { Failure } from "../../failure.js";
import { asFailure, LIST_EXIT } from "../failures.js";
import type { Filters } from "../filters/filters.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import type { ListQuery, Store } from "../store.js";
import { nothingBelow, nothingLeft } from "./failures.js";
import { folderPrefix } from "./source-objects.js";

export interface CacheKeyRequest {
  readonly uris: readonly S3Uri[];
  readonly filters: Filters;
  readonly pageSize: number | undefined;
  readonly requestPayer: string | undefined;
}

/** One object as 32 bytes: 100,000 objects are then 3 MB to sort, however long their keys. */
function entryDigest(bucket: string, key: string, size: number, etag: string | undefined): string {
  return createHash("sha256")
    .update(JSON.stringify([bucket, key, size, etag ?? null]))
    .digest("binary");
}

/**
 * A digest over bucket, key, size and ETag of every object that the URIs mean. It depends on nothing else: not on the
 * order of URIs or of the listing, nor on paging or times. A URI that names an object means that object; else the
 * objects below it.
 *
 * @returns 64 hexadecimal digits
 * @throws Failure 1 when one of the URIs means nothing, or the filters leave nothing
 */
export async function cacheKey(store: Store, request: CacheKeyRequest): Promise<string> {
  const digests = new Set<string>();
  for (const uri of request.uris) {
    if (!(await addObject(store, uri, request, digests))) await addTree(store, uri, request, digests);
  }
  if (digests.size === 0) throw nothingLeft();
  const whole = createHash("sha256");
  for (const digest of [...digests].sort()) whole.update(digest, "binary");
  return whole.digest("hex");
}

async function addObject(
  store: Store,
  { bucket, key }: S3Uri,
  { requestPayer }: CacheKeyRequest,
  digests: Set<string>,
): Promise<boolean> {
  if (key === "" || key.endsWith("/")) return false;
  try {
    const head = await store.head({ bucket, key }, requestPayer === undefined ? {} : { requestPayer });
    digests.add(entryDigest(bucket, key, head.size, head.etag));
    return true;
  } catch (error) {
    // A role that may only list is told 403; the listing then decides.
    if (error instanceof Failure && /^s3-(no-such-key|access-denied)$/.test(error.id)) return false;
    throw asOfListing(error);
  }
}

/** S3's error has the exit code that ls gives it, whichever request met it. */
function asOfListing(error: unknown): unknown {
  const again = error instanceof Failure ? asFailure(error.cause, LIST_EXIT) : error;
  return again instanceof Failure ? again : error;
}

async function addTree(
  store: Store,
  { bucket, key }: S3Uri,
  { filters, pageSize, requestPayer }: CacheKeyRequest,
  digests: Set<string>,
): Promise<void> {
  const prefix = folderPrefix(key);
  const query: ListQuery = {
    bucket,
    prefix,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(requestPayer === undefined ? {} : { requestPayer }),
  };
  let listed = 0;
  for await (const page of store.list(query)) {
    listed += page.objects.length;
    for (const object of page.objects) {
      if (!filters.accepts(object.key.slice(prefix.length))) continue;
      digests.add(entryDigest(bucket, object.key, object.size, object.etag));
    }
  }
  if (listed === 0) throw nothingBelow(formatS3Uri(bucket, key));
}
