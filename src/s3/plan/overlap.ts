import type { Filters } from "../filters/filters.js";
import type { Route } from "../locations/location.js";
import { formatS3Uri } from "../locations/uri.js";
import { placesOverlap } from "./failures.js";
import { folderPrefix } from "./source-objects.js";

/**
 * `sync --delete` between two places of one bucket, one of which is in the other, would delete what it has to copy, or
 * copy what it has copied. It is refused unless the filters leave out all that could be in the inner one, as
 * `--exclude 'inner/*'` does.
 *
 * @throws Failure 252
 */
export function checkApart({ source, target }: Route, filters: Filters): void {
  if (source.kind !== "s3" || target.kind !== "s3" || source.uri.bucket !== target.uri.bucket) return;
  const [from, to] = [folderPrefix(source.uri.key), folderPrefix(target.uri.key)];
  const [outer, inner] = from.length < to.length ? [from, to] : [to, from];
  if (!inner.startsWith(outer)) return;
  const name = inner.slice(outer.length);
  if (!filters.mayAcceptBelow(name)) return;
  const { bucket } = source.uri;
  throw placesOverlap(formatS3Uri(bucket, from), formatS3Uri(bucket, to), name);
}
