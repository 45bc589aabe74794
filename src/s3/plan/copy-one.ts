import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { formatS3Uri } from "../locations/uri.js";
import type { ListedObject, ObjectHead, ObjectRef } from "../store.js";
import { PART_SIZE } from "../uploads/part-size.js";
import { isFolderKey } from "./failures.js";
import { reasonNotTo } from "./upload-one.js";
import { type Work, warnArchived } from "./work.js";

/** What is known of the source, from a listing or from its head. */
export type CopySource = ObjectRef &
  Pick<ListedObject, "size" | "lastModified" | "etag"> & { readonly head?: ObjectHead };

export function copyNames(source: ObjectRef, target: ObjectRef): TransferNames {
  return {
    operation: "copy",
    source: formatS3Uri(source.bucket, source.key),
    destination: formatS3Uri(target.bucket, target.key),
  };
}

/**
 * One copy from object to object, from its rules to its line. Never rejects. Of `--no-overwrite` Amazon S3 is told in the
 * request itself; other stores may not know the condition, and so the target is looked at first, as it is before a copy of
 * many requests.
 *
 * @param isThere whether there is an object at the target, where a listing has told
 */
export async function copyOne(
  work: Work,
  source: CopySource,
  target: ObjectRef,
  isThere?: boolean,
): Promise<void> {
  const { store, report, options } = work;
  const names = copyNames(source, target);
  const { size, lastModified = Number.NaN } = source;
  const { noOverwrite } = options.overwrite;
  try {
    // PUT without a key would create a bucket.
    if (target.key === "") throw isFolderKey(names.source);
    const looksFirst = options.dryRun || !store.isAmazon || size >= PART_SIZE;
    const reason = await reasonNotTo(work, { size, modified: lastModified }, target, { looksFirst, isThere });
    if (reason !== undefined) {
      report.skipped(names, reason);
      return;
    }
    if (options.dryRun) {
      report.dryRun(names, size);
      return;
    }
    const parameters = noOverwrite ? { ...options.copy, ifAbsent: true } : options.copy;
    const { bucket, key, versionId } = source;
    const ref = versionId === undefined ? { bucket, key } : { bucket, key, versionId };
    const { etag, head } = source;
    await store.copy(ref, target, parameters, { size, etag, head, onBytes: report.onBytes });
    report.done(names, size);
  } catch (error) {
    const id = error instanceof Failure ? error.id : undefined;
    if (id === "s3-exists" && noOverwrite) report.skipped(names, "exists");
    else if (id === "s3-archived" && !options.forceGlacierTransfer) warnArchived(work, "copy", names.source);
    else report.failed(names, error);
  }
}
