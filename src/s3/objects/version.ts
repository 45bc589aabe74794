/** What tells one version of an object from another, besides its size. */
export interface VersionMarks {
  readonly etag?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly lastModified?: number | undefined;
}

/** An MD5 in capitals: S3 writes small letters. */
const CAPITALS = /^"(?=.*[A-F])[0-9A-F]{32}(?:-\d+)?"$/;

/**
 * The ETag that If-Match can hold: a strong one (RFC 9110, 13.1.1), as the server itself writes it. One that a proxy has
 * weakened or written otherwise is refused by the server, though the object is still the same.
 *
 * @returns undefined when there is none
 */
export function matchableETag(etag: string | undefined): string | undefined {
  return etag !== undefined && /^"[^"]+"$/.test(etag) && !CAPITALS.test(etag) ? etag : undefined;
}

/** Without what proxies change: the mark of a weak one, quotes, capitals. */
function plainETag(etag: string | undefined): string {
  return (etag ?? "").replace(/^W\//, "").replace(/^"|"$/g, "").toLowerCase();
}

/** Whether two ETags are the same, however they are written. */
export const isSameETag = (a: string | undefined, b: string | undefined): boolean =>
  plainETag(a) === plainETag(b);

/** Milliseconds by which two clocks' or formats' seconds may differ. */
const ROUNDING_MS = 1000;

/**
 * Whether a response is about the object that a listing showed. Servers write ETags in listings with and without quotes,
 * and some leave them out: then the time of the last change counts, where both name it.
 */
export function isAsListed(listed: VersionMarks, { etag, lastModified }: VersionMarks): boolean {
  const [shown, told] = [plainETag(listed.etag), plainETag(etag)];
  if (shown !== "" && told !== "") return shown === told;
  if (listed.lastModified === undefined || lastModified === undefined) return true;
  return Math.abs(listed.lastModified - lastModified) <= ROUNDING_MS;
}

/**
 * Whether two answers are about the same version. Where the ETag is missing, or If-Match cannot hold it, the time of the
 * last change counts as well.
 */
export function isSameVersion(a: VersionMarks, b: VersionMarks): boolean {
  const [first, second] = [matchableETag(a.etag), matchableETag(b.etag)];
  if (first !== undefined && second !== undefined) return first === second;
  if (plainETag(a.etag) !== plainETag(b.etag)) return false;
  return a.lastModified === undefined || b.lastModified === undefined || a.lastModified === b.lastModified;
}
