/** What a reader of responses takes. */
export interface ReadingRules {
  /**
   * Whether it takes what RFC 9112 leaves to who reads: lines of a head that end without CR (2.2), folded headers (5.2), the
   * same length twice (RFC 9110, 8.6), later versions of HTTP/1 (2.3), any extension of a chunk (7.1.1).
   */
  readonly isLenient: boolean;
  /** Bytes of a body that is kept in memory. */
  readonly longestBody: number;
}

/**
 * A response that holds keys, or says whose they are: one form, in which no proxy reads anything else. Ten times what a session
 * token could need.
 */
export const KEYS: ReadingRules = { isLenient: false, longestBody: 1024 * 1024 };

/** A page of 1,000 keys, each of 1,024 bytes percent-encoded, is below 5 MiB; objects go into a sink. */
export const OBJECTS: ReadingRules = { isLenient: true, longestBody: 32 * 1024 * 1024 };
