import { noS3Side, streamsAreSingle } from "./failures.js";
import { meantS3Uri } from "./meant-uri.js";
import { isS3Uri, parseS3Uri, type S3Uri } from "./uri.js";

/** One side of a copy. */
export type Location =
  | { readonly kind: "s3"; readonly uri: S3Uri }
  /** As typed: a trailing slash means something. */
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "stream" };

export type Direction = "download" | "upload" | "copy";

export interface Route {
  readonly direction: Direction;
  readonly source: Location;
  readonly target: Location;
}

function parseLocation(text: string): Location {
  if (text === "-") return { kind: "stream" };
  return isS3Uri(text) ? { kind: "s3", uri: parseS3Uri(text) } : { kind: "local", path: text };
}

/**
 * Both operands of cp or sync.
 *
 * @param many true when a tree is meant: streams are refused then
 * @throws Failure 252
 */
export function parseRoute(source: string, target: string, many: boolean): Route {
  const route = { source: parseLocation(source), target: parseLocation(target) };
  if (many && (route.source.kind === "stream" || route.target.kind === "stream")) throw streamsAreSingle();
  if (route.source.kind === "s3") {
    return { ...route, direction: route.target.kind === "s3" ? "copy" : "download" };
  }
  if (route.target.kind !== "s3") throw noS3Side(meantS3Uri(source) ?? meantS3Uri(target));
  return { ...route, direction: "upload" };
}
