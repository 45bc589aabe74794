import { wildcardPattern } from "../filters/file-name-pattern.js";
import { formatS3Uri, type S3Uri } from "../locations/uri.js";
import { ListedEntries } from "../tree/listed-entries.js";
import { emptySource, nothingMatches } from "./failures.js";
import { listing, type Work } from "./work.js";

/** The objects that a tree's source means. */
export interface SourceObjects {
  readonly bucket: string;
  /** What names leave out: empty, or it ends in `/`. */
  readonly prefix: string;
  readonly entries: ListedEntries;
  /** @throws Failure 1 when the listing, read to its end, brought nothing */
  checkNotEmpty(): void;
}

/** `p` is read as `p/`; the whole bucket as it is. */
export function folderPrefix(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}

/** Everything below a prefix. @param isToRead whether the objects will be read */
export function objectsBelow(
  work: Work,
  { bucket, key }: S3Uri,
  { sorted, isToRead = false }: { readonly sorted: boolean; readonly isToRead?: boolean },
): SourceObjects {
  const prefix = folderPrefix(key);
  const { filters } = work.options;
  const entries = new ListedEntries(listing(work, bucket, prefix, isToRead), {
    prefixLength: prefix.length,
    accepts: filters.isEmpty ? () => true : (name) => filters.accepts(name),
    sorted,
  });
  const checkNotEmpty = () => {
    if (entries.listed === 0) throw emptySource(formatS3Uri(bucket, prefix));
  };
  return { bucket, prefix, entries, checkNotEmpty };
}

export function hasWildcard(key: string): boolean {
  return /[*?]/.test(key);
}

/**
 * Every object whose key matches; names begin after the last `/` before the first wildcard.
 *
 * @param isToRead whether the objects will be read
 */
export function objectsMatching(work: Work, { bucket, key }: S3Uri, isToRead: boolean): SourceObjects {
  const listed = key.slice(0, key.search(/[*?]/));
  const prefix = listed.slice(0, listed.lastIndexOf("/") + 1);
  const matches = wildcardPattern(key.slice(prefix.length));
  const { filters } = work.options;
  let matched = 0;
  const entries = new ListedEntries(listing(work, bucket, listed, isToRead), {
    prefixLength: prefix.length,
    accepts: (name) => {
      if (!matches(name)) return false;
      matched++;
      return filters.accepts(name);
    },
    sorted: false,
  });
  const checkNotEmpty = () => {
    if (matched === 0) throw nothingMatches(formatS3Uri(bucket, key));
  };
  return { bucket, prefix, entries, checkNotEmpty };
}
