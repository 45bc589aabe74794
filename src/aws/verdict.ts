import { CERTIFICATE } from "../http/certificate-codes.js";
import { causeCode, NoResponse } from "../http/no-response.js";
import { ServerError } from "./server-error.js";

/** What to do about a failed try. */
export type Verdict = "retry" | "retry-slower" | "expired" | "skewed" | "elsewhere" | "final";

/** But for 503, which THROTTLED has. */
const TRANSIENT_STATUS = new Set([408, 500, 502, 504]);
const THROTTLED =
  /^(SlowDown|Throttl\w*|RequestLimitExceeded|BandwidthLimitExceeded|TooManyRequests\w*|429|503|ServiceUnavailable|RequestThrottled\w*|PriorRequestNotComplete)$/;
/** Errors with a status of their own that a repetition cures: a connection that was too slow, data that was corrupted. */
const TRANSIENT_CODE =
  /^(RequestTimeout|RequestTimeoutException|InternalError|BadDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch|OperationAborted|ConditionalRequestConflict)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|RequestExpired)$/;
const ELSEWHERE =
  /^(PermanentRedirect|TemporaryRedirect|Redirect|AuthorizationHeaderMalformed|IncorrectEndpoint|30[1278])$/;

const LASTING = /^(ENOTFOUND|ERR_INVALID_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ERR_PROXY_REFUSED)$/;

/** A connection error that the same address will give again: no such host, a certificate that is not trusted, a proxy that forbids it. */
const isLasting = (code = "") => LASTING.test(code) || CERTIFICATE.test(code);

/** Connection errors before a byte of the request was sent. */
const NOT_SENT =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_CONNECT_TIMEOUT|ERR_PROXY_\w+)$/;

/** Whether a failed try may have been done all the same: it was sent, and nothing of S3's says that it was not. */
export function leavesDoubt(error: unknown): boolean {
  if (error instanceof NoResponse) return !NOT_SENT.test(causeCode(error) ?? "");
  return error instanceof ServerError && (error.status < 300 || error.status >= 500);
}

/** Whether a server of S3's says that it has done nothing: it is asked too much, or lacks what is asked for. */
export function isCleanRefusal(error: unknown): boolean {
  if (!(error instanceof ServerError)) return false;
  const { status, explained, code } = error;
  return status === 501 || (explained && (THROTTLED.test(code) || /^X?NotImplemented$/.test(code)));
}

/** Judges what a try threw. A broken-off body is the sink's affair: its request cannot be made again as it was. */
export function judge(error: unknown): Verdict {
  if (error instanceof NoResponse) return error.begun || isLasting(causeCode(error)) ? "final" : "retry";
  if (!(error instanceof ServerError)) return "final";
  const { code, status } = error;
  if (EXPIRED.test(code)) return "expired";
  if (code === "RequestTimeTooSkewed") return "skewed";
  if (ELSEWHERE.test(code) || (status === 400 && !error.explained && error.region !== undefined))
    return "elsewhere";
  if (THROTTLED.test(code) || status === 503 || status === 429) return "retry-slower";
  // An error, or what is no response of S3's at all, under the status of a success.
  if (status < 300) return "retry";
  return TRANSIENT_STATUS.has(status) || TRANSIENT_CODE.test(code) ? "retry" : "final";
}
