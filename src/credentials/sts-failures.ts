import { ExitCode, Failure } from "../failure.js";
import { shownUrl } from "../output/printable.js";
import { shownWords } from "./shown-words.js";

/** What STS's commonest codes mean for the keys of a build. */
const HINTS: Readonly<Record<string, string>> = {
  ExpiredToken: "the keys have expired, or the local clock is wrong",
  InvalidClientTokenId:
    "STS does not know these keys: another partition, or a region that the account has not enabled",
  SignatureDoesNotMatch: "the secret does not belong to the access key, or the local clock is wrong",
  RegionDisabledException: "the account has not enabled this region: set AWS_REGION to another one",
};

/** STS answered an error: exit code 254. */
export function stsAnsweredError(
  origin: string,
  status: number,
  code: string | undefined,
  message: string | undefined,
): Failure {
  const words = shownWords(code, message);
  return new Failure("sts-error", {
    message: `GetCallerIdentity at ${origin} answered ${status}${words === "" ? "" : `: ${words}`}`,
    hint: HINTS[code ?? ""] ?? "the keys are not accepted there: see the message, the region and the clock",
    exitCode: ExitCode.service,
  });
}

export function stsUnreadable(origin: string): Failure {
  return new Failure("sts-unreadable", {
    message: `GetCallerIdentity at ${origin} answered 200, but without Arn, Account and UserId`,
    hint: "something else than STS answers there: check --endpoint-url-sts",
    exitCode: ExitCode.service,
  });
}

/** No answer: exit code 255. */
export function stsNoAnswer(origin: string, cause: unknown): Failure {
  const { code, name } = cause as NodeJS.ErrnoException;
  const why =
    name === "TimeoutError" || name === "AbortError" ? "no answer in time" : (code ?? "connection broken");
  return new Failure("sts-no-answer", {
    message: `GetCallerIdentity at ${origin} failed: ${why}`,
    hint: "STS must be reachable from this step (no --network none); --endpoint-url-sts names a VPC endpoint",
    exitCode: ExitCode.other,
    cause,
  });
}

function usage(id: string, message: string, hint: string): Failure {
  return new Failure(id, { message, hint, exitCode: ExitCode.usage });
}

export function badUrl(option: string, value: string): Failure {
  return usage(
    "bad-url",
    `${option} '${shownUrl(value)}' is no http or https address`,
    "Example: https://sts.eu-central-1.amazonaws.com",
  );
}
