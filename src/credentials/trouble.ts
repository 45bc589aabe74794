import { CERTIFICATE } from "../http/certificate-codes.js";
import { systemError, wordsFor } from "../system-error.js";

/** Why no response could be read, as far as the wire tells. */
export interface Trouble {
  readonly reason:
    | "refused"
    | "unreachable"
    | "connect-timeout"
    | "silent"
    | "stalled"
    | "reset"
    | "truncated"
    | "malformed"
    | "too-large"
    | "certificate"
    | "other";
  /** For the message: an error code, or which rule of HTTP was broken. Nothing from the response itself. */
  readonly detail?: string;
  readonly cause?: unknown;
}

const REASONS: Readonly<Record<string, Trouble["reason"]>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
  ETIMEDOUT: "connect-timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
};

/** What a socket's error means. */
export function socketTrouble(cause: unknown): Trouble {
  const { code = "" } = systemError(cause);
  const known = wordsFor(REASONS, code);
  if (known !== undefined) return { reason: known, detail: code, cause };
  const reason = CERTIFICATE.test(code) ? "certificate" : "other";
  return { reason, cause, ...(code === "" ? {} : { detail: code }) };
}
