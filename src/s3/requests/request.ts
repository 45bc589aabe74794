import type { Response, Sink } from "../../http/response.js";
import type { ByteListener } from "../store.js";

/** Bytes to send, which can be read again for another try. */
export interface Body {
  readonly size: number;
  /** In hex: SHA-256 for a signature that covers the body, MD5 for ETags. */
  hash(name: "sha256" | "md5"): string;
  /** All of them, where they are few and stand in memory: sent with the head in one go. */
  readonly whole?: Buffer;
  /** The bytes in order; each chunk is valid until the next is asked for. */
  chunks(): Iterable<Uint8Array>;
}

/** A request to S3 before its address, signature and tries. */
export interface S3Request {
  /** S3's name for it: `GetObject`. */
  readonly operation: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** A name or the ARN of an access point; absent for the service itself. */
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Those of the headers that are left out for a server that refuses them. */
  readonly optional?: readonly string[];
  /** Whether a header is left out of this try; asked of each when it is written. */
  readonly leavesOut?: (name: string) => boolean;
  readonly body?: Body | undefined;
  /** Takes the body of a success. */
  readonly sink?: Sink | undefined;
  /** Told of the body's bytes as they are sent, and taken back (negative) when they must be sent again. */
  readonly onSent?: ByteListener | undefined;
  /**
   * Whether a response of status 2xx is a success. What else has that status (nothing, half a document, the page of a
   * proxy) is tried again as a 500 is. Absent: every 2xx but an error in XML.
   */
  readonly isDone?: ((response: Response) => boolean) | undefined;
  /** S3 may work for long before it answers: CopyObject, UploadPartCopy, CompleteMultipartUpload. */
  readonly isSlowOperation?: boolean;
  /** The signature covers the body over TLS too, so that the server compares it. */
  readonly signsBody?: boolean;
  /** Told of the error when a try left it open whether it was done: no response, or one that says neither yes nor no. */
  readonly onDoubt?: ((error?: unknown) => void) | undefined;
  /** On a connection of its own, which nothing uses before or after it: no other response can be taken for this one's. */
  readonly isAlone?: boolean;
  /** Other requests will follow it, many at once: connections for them are opened meanwhile. */
  readonly leadsToMany?: boolean | undefined;
  /** Where the bucket is supposed to be, when nothing better is known. */
  readonly region?: string | undefined;
  /** With a single try: only a guess depends on it. */
  readonly isGuess?: boolean;
  /** Sent even after the stop, with a single try: cleaning up. */
  readonly cleansUp?: boolean;
}
