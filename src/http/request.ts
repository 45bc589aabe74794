import type { ReadingRules } from "./reading-rules.js";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly origin: string;
  readonly method: string;
  /** Encoded, with its query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  /** What is iterated over is valid until the next is asked for. */
  readonly body?: Buffer | Iterable<Uint8Array> | undefined;
  /** What is taken for its response; absent: OBJECTS. */
  readonly rules?: ReadingRules;
  /** It may be sent again at once when a kept connection is closed under it: whether it was done is not known then. */
  readonly isRepeatable?: boolean;
  /** On a connection of its own, which nothing uses before or after it. */
  readonly isAlone?: boolean;
  /** How many connections the requests behind it will need: they are opened beside this one's. */
  readonly connections?: number | undefined;
  /** Milliseconds without a sign of the server, 0: no limit; absent: the connection's own limit. */
  readonly silenceMs?: number;
  /** The connection stands, and the request goes out. */
  readonly onStart?: () => void;
  /** Told of the bytes of a body that no sink takes. */
  readonly onKept?: (bytes: number) => void;
}
