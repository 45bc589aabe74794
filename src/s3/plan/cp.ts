import type { Route } from "../locations/location.js";
import { requireKey } from "../locations/uri.js";
import type { ObjectRef } from "../store.js";
import { copySingle } from "./single-copy.js";
import { downloadSingle } from "./single-download.js";
import { uploadSingle } from "./single-upload.js";
import { hasWildcard, objectsBelow, objectsMatching } from "./source-objects.js";
import { copyTree, downloadTree, pathOf, uploadTree } from "./tree.js";
import type { Work } from "./work.js";

/** What only cp knows. */
export interface CpRequest {
  readonly route: Route;
  readonly recursive: boolean;
  /** Take `*` and `?` in the source's key as they are. */
  readonly raw: boolean;
  readonly versionId: string | undefined;
  /** Bytes of a stream. */
  readonly expectedSize: number | undefined;
}

/** Copies one thing or many. What fails on its own is in the report; what stops all is thrown. */
export function copy(work: Work, request: CpRequest): Promise<void> {
  const { source, target } = request.route;
  if (source.kind !== "s3") {
    if (target.kind !== "s3") throw new TypeError("a route has an S3 side");
    return request.recursive
      ? uploadTree(work, pathOf(source), target.uri)
      : uploadSingle(work, source, target.uri, request.expectedSize);
  }
  const many = sourceObjects(work, request);
  if (many !== undefined) {
    return target.kind === "s3" ? copyTree(work, many, target.uri) : downloadTree(work, many, pathOf(target));
  }
  const { bucket, key } = requireKey(source.uri);
  // As for the AWS CLI, a single object's filters see the last part of its key.
  if (!work.options.filters.accepts(key.slice(key.lastIndexOf("/") + 1))) return Promise.resolve();
  const ref: ObjectRef = { bucket, key, ...(request.versionId && { versionId: request.versionId }) };
  return target.kind === "s3" ? copySingle(work, ref, target.uri) : downloadSingle(work, ref, target);
}

function sourceObjects(work: Work, { route: { source, target }, recursive, raw }: CpRequest) {
  if (source.kind !== "s3") return undefined;
  const isToRead = target.kind !== "s3" && !work.options.dryRun;
  if (recursive) return objectsBelow(work, source.uri, { sorted: false, isToRead });
  const single = raw || target.kind === "stream" || !hasWildcard(source.uri.key);
  return single ? undefined : objectsMatching(work, source.uri, isToRead);
}
