/** RFC 3986 unreserved characters stay, all else is percent-encoded in UTF-8: what SigV4 signs and S3 decodes. */
export function encodeQueryPart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** An object's key as a request path: like a query part, but `/` separates. */
export function encodeKey(key: string): string {
  return /^[\w./~-]*$/.test(key) ? key : encodeQueryPart(key).replaceAll("%2F", "/");
}
