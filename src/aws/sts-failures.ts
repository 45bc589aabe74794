import { shownWords } from "../credentials/shown-words.js";
import { ExitCode, Failure, usageFailure } from "../failure.js";
import { CERTIFICATE } from "../http/certificate-codes.js";
import { changedFailure } from "../output/changed-failure.js";
import { shownUrl } from "../output/printable.js";
import { systemError } from "../system-error.js";
import { withRequestId } from "./request-id.js";
import type { ServerError } from "./server-error.js";

/** What STS's commonest codes mean for the keys of a build. */
const HINTS: Readonly<Record<string, string>> = {
  ExpiredToken: "the keys have expired, or the local clock is wrong",
  InvalidClientTokenId:
    "STS does not know these keys: are they for another partition, or for a region that the account has not enabled?",
  SignatureDoesNotMatch: "the secret does not belong to the access key, or the local clock is wrong",
  NoSuchEntity: "there is no such role: check its ARN",
  ValidationError:
    "STS rejects a value of the request: its message says which. Is the role's ARN right (arn:aws:iam::ACCOUNT:role/NAME)?",
  RegionDisabledException: "the account has not enabled STS in this region: set another one with AWS_REGION",
};

/** Of any other code, by the status. */
function otherwise(status: number): string {
  if (status >= 500) return "STS, or a proxy in its place, has a problem: try again later";
  return status < 400
    ? "something other than STS answered: check --endpoint-url-sts and the proxy"
    : "STS did not accept the keys: check its message, the region and the clock";
}

/** `AssumeRole at https://… answered 403: AccessDenied: …`, in STS' own words, with the id of the request. */
export function answeredWords(
  action: string,
  origin: string,
  { status, code, explained, message, requestId }: ServerError,
): string {
  const words = shownWords(explained ? code : undefined, message);
  return withRequestId(`${action} at ${origin} answered ${status}: ${words}`, requestId);
}

/** STS answered an error: exit code 254. */
export function stsAnsweredError(action: string, origin: string, error: ServerError): Failure {
  return new Failure("sts-error", {
    message: answeredWords(action, origin, error),
    hint: Object.hasOwn(HINTS, error.code) ? HINTS[error.code] : otherwise(error.status),
    exitCode: ExitCode.service,
    cause: error,
  });
}

/** A response that names nobody, or two, or contradicts itself or what was asked for. */
export function stsUnreadable(action: string, origin: string, lacks: string): Failure {
  return new Failure("sts-unreadable", {
    message: `${action} at ${origin} answered 200, but without ${lacks}`,
    hint: "something other than STS answered: check --endpoint-url-sts",
    exitCode: ExitCode.service,
  });
}

/**
 * No response: exit code 255.
 *
 * @param code the system's or OpenSSL's
 */
export function stsNoResponse(
  action: string,
  origin: string,
  code: string | undefined,
  cause: unknown,
): Failure {
  const isCertificate = CERTIFICATE.test(code ?? "");
  const timedOut = code !== undefined && /TIMEOUT|ETIMEDOUT|SILENT/.test(code);
  const words = timedOut ? "no response in time" : (code ?? "connection broken");
  const isUnresolved = code === "ENOTFOUND" || code === "EAI_AGAIN";
  const unconnected = code === "ERR_CONNECT_TIMEOUT";
  const hasWords = unconnected || code === "ERR_UNREADABLE_ANSWER";
  return new Failure(isCertificate ? "sts-certificate" : "sts-no-answer", {
    message: `${action} at ${origin} failed: ${hasWords ? systemError(cause).message : words}`,
    hint: isCertificate
      ? "the certificate is not trusted: add your company's root certificates with --ca-bundle FILE or AWS_CA_BUNDLE"
      : `${isUnresolved ? "check the region (AWS_REGION)" : "this step must be able to reach STS"}: it needs a network, and HTTPS_PROXY or --endpoint-url-sts where STS is behind a proxy or a VPC endpoint${unconnected ? "; --cli-connect-timeout sets how long to wait" : ""}`,
    exitCode: ExitCode.other,
    cause,
  });
}

/**
 * STS had to be asked because the source does not name what is expected, and that failed: both halves in one line.
 *
 * @param source `the endpoint`, `the file` …
 * @param what `role`, `account`, or both
 */
export function stsNeeded(source: string, what: string, failure: Failure): Failure {
  return changedFailure(failure, { message: `${source} does not name the ${what}, and ${failure.message}` });
}

export function badUrl(option: string, value: string): Failure {
  return usageFailure(
    "bad-url",
    `${option} '${shownUrl(value)}' is not an http or https URL`,
    "Example: https://sts.eu-central-1.amazonaws.com",
  );
}
