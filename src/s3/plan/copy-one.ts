import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { formatS3Uri } from "../locations/uri.js";
import type { ListedObject, ObjectHead, ObjectRef } from "../store.js";
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
 * One copy from object to object, from its rules to its line. Never rejects. CopyObject has known If-None-Match since
 * 2025 only, and stores that do not know it overwrite: so for `--no-overwrite` the target is looked at first.
 */
export async function copyOne(work: Work, source: CopySource, target: ObjectRef): Promise<void> {
  const { store, report, options } = work;
  const names = copyNames(source, target);
  const { size, lastModified } = source;
  const { noOverwrite } = options.overwrite;
  try {
    // PUT without a key would create a bucket.
    if (target.key === "") throw isFolderKey(names.source);
    const reason = await reasonNotTo(work, { size, modified: lastModified }, target, true);
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
