import type { S3Uri } from "../locations/uri.js";
import { readingSource } from "../objects/read-parameters.js";
import type { ObjectRef } from "../store.js";
import { copyNames, copyOne } from "./copy-one.js";
import { targetKey } from "./single-upload.js";
import { isArchived, type Work, warnArchived } from "./work.js";

/** `cp s3://bucket/key s3://bucket/key`. The source is looked at first: its size decides how it is copied. */
export async function copySingle(work: Work, source: ObjectRef, uri: S3Uri): Promise<void> {
  const { store, report, options } = work;
  const target = targetKey(uri, source.key.slice(source.key.lastIndexOf("/") + 1));
  const names = copyNames(source, target);
  try {
    const head = await store.head(source, readingSource(options.copy));
    const { size, storageClass, restore } = head;
    const restored = restore?.includes('ongoing-request="false"') === true;
    if (!options.forceGlacierTransfer && isArchived({ ...(storageClass && { storageClass }), restored })) {
      warnArchived(work, "copy", names.source);
      return;
    }
    if (!options.dryRun) report.expect(size);
    report.planned();
    await copyOne(work, { ...head, ...source, head }, target);
  } catch (error) {
    report.failed(names, error);
  }
}
