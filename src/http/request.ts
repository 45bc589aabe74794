/** A request as it goes over the wire. */
export interface WireRequest {
  readonly origin: string;
  readonly method: string;
  /** Encoded, with its query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer | Iterable<Uint8Array>;
  /** On a connection of its own, which nothing uses before or after it. */
  readonly isAlone?: boolean;
  /** Milliseconds without a sign of the server; absent: the dispatcher's own limits. */
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
  /** The connection stands, and the request goes out. */
  readonly onStart?: () => void;
  /** Told of the bytes of a body that no sink takes. */
  readonly onKept?: (bytes: number) => void;
}
