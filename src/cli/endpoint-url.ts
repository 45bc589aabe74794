/** A name or an address, a port, a path: no user, no query, nothing that a URL parser would drop or read as something else. */
const ENDPOINT =
  /^https?:\/\/(?:[a-z0-9_][a-z0-9._-]{0,254}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?(?:\/[!"$-;=@-[\]^_a-z|~]*)?$/i;

/**
 * Whether a text is the http or https address of a server. Strict, since URL parsers drop line breaks and read what
 * stands before an `@` as a user: requests must go to the host that a reader sees.
 */
export function isEndpointUrl(text: string): boolean {
  return ENDPOINT.test(text) && URL.canParse(text);
}
