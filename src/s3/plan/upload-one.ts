import { Failure } from "../../failure.js";
import type { TransferNames } from "../../output/transfer-events.js";
import { contentTypeOf } from "../objects/content-type.js";
import { readingTarget } from "../objects/read-parameters.js";
import type { ObjectRef, UploadSource, WriteParameters } from "../store.js";
import { hasRule, isThere, reasonToSkip, storedVersion, type Version } from "./overwrite.js";
import type { Work } from "./work.js";

/** One upload from its rules to its line. Never rejects. */
export async function uploadOne(
  work: Work,
  names: TransferNames,
  source: UploadSource,
  version: Version,
  ref: ObjectRef,
): Promise<void> {
  const { store, report, options } = work;
  const path = source.kind === "file" ? source.path : "-";
  try {
    const reason = await reasonNotTo(work, version, ref);
    if (reason !== undefined) {
      report.skipped(names, reason);
      return;
    }
    if (options.dryRun) {
      report.dryRun(names, source.kind === "file" ? version.size : undefined);
      return;
    }
    let size = 0;
    const onBytes = (bytes: number) => {
      size += bytes;
      report.onBytes(bytes);
    };
    await store.upload(source, ref, parametersFor(work, path), { onBytes });
    report.done(names, size);
  } catch (error) {
    if (options.overwrite.noOverwrite && error instanceof Failure && error.id === "s3-exists") {
      report.skipped(names, "exists");
    } else {
      report.failed(names, error, names.source);
    }
  }
}

/**
 * What the rules say of an object in the bucket; undefined: transfer. In an upload `--no-overwrite` is left to S3
 * itself, for asking first and writing then could overwrite what came in between; only a dry run has to ask.
 *
 * @param looksFirst asks for `--no-overwrite` too, unless `isThere` has the response
 */
export async function reasonNotTo(
  work: Work,
  source: Version,
  ref: ObjectRef,
  { looksFirst, isThere: known }: { readonly looksFirst: boolean; readonly isThere?: boolean | undefined } = {
    looksFirst: work.options.dryRun,
  },
): Promise<string | undefined> {
  const { store, options } = work;
  const read = readingTarget(options.write);
  if (options.overwrite.noOverwrite && (known ?? (looksFirst && (await isThere(store, ref, read)))))
    return "exists";
  const rule = { ...options.overwrite, noOverwrite: false };
  if (!hasRule(rule)) return undefined;
  const target = await storedVersion(store, ref, read);
  return reasonToSkip(rule, source, target);
}

function parametersFor({ options }: Work, path: string): WriteParameters {
  const { write } = options;
  const contentType = write.contentType ?? (options.guessContentType ? contentTypeOf(path) : undefined);
  return {
    ...write,
    ...(contentType === undefined ? {} : { contentType }),
    ...(options.overwrite.noOverwrite ? { ifAbsent: true } : {}),
  };
}
