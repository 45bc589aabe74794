import { type Stats, statSync } from "node:fs";
import { ServerError } from "../../aws/server-error.js";
import { Failure } from "../../failure.js";
import { localFailure } from "../local-failures.js";
import type { ObjectRef, ReadParameters, Store } from "../store.js";
import type { OverwriteRule } from "./copy-options.js";

/** What the rules look at, of either side. */
export interface Version {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch; NaN where it is not known. */
  readonly modified: number;
}

/** Whether a rule needs to look at the target at all. */
export function hasRule({ noOverwrite, ifSizeDiffer, ifSourceNewer }: OverwriteRule): boolean {
  return noOverwrite || ifSizeDiffer || ifSourceNewer;
}

/**
 * Why a target that is there is left alone; undefined: copy. Of `--if-size-differ` and `--if-source-newer` together one
 * that holds is enough, as for s5cmd's -s and -u.
 */
export function reasonToSkip(
  rule: OverwriteRule,
  source: Version,
  target: Version | undefined,
): string | undefined {
  if (target === undefined) return undefined;
  if (rule.noOverwrite) return "exists";
  if (rule.ifSizeDiffer && source.size !== target.size) return undefined;
  // What is not known to be as new as the source is copied.
  if (rule.ifSourceNewer && !(source.modified <= target.modified)) return undefined;
  if (rule.ifSizeDiffer && rule.ifSourceNewer) return "same size, not newer";
  if (rule.ifSizeDiffer) return "same size";
  return rule.ifSourceNewer ? "not newer" : undefined;
}

/**
 * What is at a path, links followed; undefined when nothing is, a file in the place of one of its folders included.
 *
 * @param wanted what it is looked at for, for the failure's words
 * @throws Failure when the system does not tell: a name too long, a loop of links, a folder that may not be searched
 */
export function statsOf(path: string, wanted: "read" | "write"): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw localFailure(wanted, path, error);
  }
}

/** The file at a path; undefined when there is none. @throws Failure */
export function localVersion(path: string): Version | undefined {
  const stats = statsOf(path, "write");
  return stats === undefined ? undefined : { size: stats.size, modified: stats.mtimeMs };
}

/** The object at a key; undefined when there is none. */
export async function storedVersion(
  store: Store,
  ref: ObjectRef,
  read: ReadParameters,
): Promise<Version | undefined> {
  try {
    const head = await store.head(ref, read);
    return { size: head.size, modified: head.lastModified ?? Number.NaN };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Whether an object is there, for `--no-overwrite`. Not being allowed to look is no response: then the condition of the
 * write itself (If-None-Match) must do. Any other error is one: taken for "not there", it would overwrite.
 */
export async function isThere(store: Store, ref: ObjectRef, read: ReadParameters): Promise<boolean> {
  try {
    return (await storedVersion(store, ref, read)) !== undefined;
  } catch (error) {
    if (mayNotLook(error)) return false;
    throw error;
  }
}

function mayNotLook(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof ServerError && (cause.status === 403 || cause.status === 405);
}

function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.id === "s3-no-such-key";
}
