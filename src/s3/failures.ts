import { withRequestId } from "../aws/request-id.js";
import { isPreconditionFailed, ServerError } from "../aws/server-error.js";
import { ExitCode, Failure, usageFailure } from "../failure.js";
import { CERTIFICATE } from "../http/certificate-codes.js";
import { causeCode, isSilent, NoResponse } from "../http/no-response.js";
import { printable, shortened, shownUrl } from "../output/printable.js";
import { systemError } from "../system-error.js";
import { connectionHint } from "./connection-hints.js";
import { type Reason, reasonFor } from "./failure-reasons.js";
import type { Sum } from "./uploads/compare-stored.js";

/** A verb's exit code when S3 answered an error, and when it gave no response. */
export interface ServiceExitCodes {
  readonly answered: number;
  readonly unanswered: number;
}

/** A transfer that failed is 1 to the caller, whatever made it fail. */
export const TRANSFER_EXIT: ServiceExitCodes = { answered: ExitCode.failed, unanswered: ExitCode.failed };
export const LIST_EXIT: ServiceExitCodes = { answered: ExitCode.service, unanswered: ExitCode.other };

/** The user's words for anything that a request threw; Failures and bugs of ours pass through. */
export function asFailure(error: unknown, exit: ServiceExitCodes): unknown {
  if (error instanceof ServerError) return serverFailure(error, exit);
  return error instanceof NoResponse ? unanswered(error, exit) : error;
}

/** S3 names principal, action and resource, and that the policy did not allow it. */
const LONGEST_MESSAGE = 1000;

function serverFailure(error: ServerError, exit: ServiceExitCodes): Failure {
  const reason: Reason = reasonFor(error);
  return new Failure(reason.id, {
    message: withRequestId(
      `An error occurred (${shortened(printable(error.code))}) when calling the ${error.operation} operation: ${shortened(printable(error.message), LONGEST_MESSAGE)}`,
      error.requestId,
    ),
    hint: reason.hint,
    exitCode: exit.answered,
    cause: error,
  });
}

function unanswered(error: NoResponse, exit: ServiceExitCodes): Failure {
  const code = causeCode(error);
  const tries = error.tries > 1 ? ` (${error.tries} tries)` : "";
  const doubt =
    isSilent(error) && error.tries === 1 ? " The request may have succeeded all the same: check." : "";
  return new Failure(CERTIFICATE.test(code ?? "") ? "s3-certificate" : "s3-unreachable", {
    message: `No response when calling the ${error.operation} operation: ${printable(error.message || (code ?? ""))}${tries}`,
    hint: `${connectionHint(error)}${doubt}`,
    exitCode: exit.unanswered,
    cause: error,
  });
}

function transfer(id: string, message: string, hint?: string, cause?: unknown): Failure {
  return new Failure(id, { message, hint, exitCode: ExitCode.failed, cause });
}

/** @param from what names it */
export const endpointUnusable = (url: string, from = "--endpoint-url or AWS_ENDPOINT_URL_S3") =>
  usageFailure(
    "endpoint-unusable",
    `The endpoint ${shownUrl(url)} is not a usable http or https address.`,
    `Write it as https://HOST[:PORT], in ${printable(from)}.`,
  );

export const accessPointUnusable = (arn: string, reason: string) =>
  usageFailure("access-point-unusable", `${printable(arn)} cannot be used: ${reason}.`);

/** The response is not what was asked for; nothing of it has been written. */
export const unsupportedResponse = (what: string) =>
  transfer(
    "s3-odd-answer",
    `The response to the GetObject operation is not what was asked for: ${printable(what)}.`,
    "A proxy, a cache or a gateway in front of S3 handles ranges or lengths incorrectly.",
  );

/** What a refusal of S3's means, with the id of its request. */
const refusedWith = (refusal: unknown, sentence: string) =>
  withRequestId(sentence, refusal instanceof ServerError ? refusal.requestId : undefined);

/**
 * @param refusal that showed it, if one did
 * @param isWritten whether the copy was done before it showed
 */
export const objectChanged = (refusal?: ServerError, isWritten = false) =>
  transfer(
    "s3-changed",
    refusedWith(refusal, "The object was replaced while it was being copied."),
    isWritten
      ? "The destination was written and may mix two versions: copy it again, without --no-overwrite."
      : "Copy it again, or copy one version with --version-id. An existing file at the destination was not changed.",
  );

export const bodyStuck = (received: number, size: number, cause: unknown) =>
  transfer(
    "s3-cut-short",
    `The response ended after ${received} of ${size} bytes, and five more tries brought nothing: ${printable(systemError(cause).message)}`,
    "The network or a proxy in between keeps closing the connection.",
    cause,
  );

export const checksumMismatch = (name: string, expected: string, actual: string) =>
  transfer(
    "s3-checksum-mismatch",
    `The ${name} checksum of what arrived is ${actual}, but S3 has ${printable(expected)}.`,
    "The data was corrupted in transit. An existing file at the destination was not changed; discard what was written to standard output.",
  );

/** @param checksum the header and its value */
export const checksumUnreadable = (checksum: string) =>
  transfer(
    "s3-checksum-unreadable",
    `The checksum that S3 gave with the object is invalid: ${shortened(printable(checksum))}`,
    "The response was changed in transit, or is not from S3. An existing file at the destination was not changed.",
  );

/** Data, or its checksum, that was changed on its way: another try may bring what is right. */
export function isCorrupted(error: unknown): boolean {
  return error instanceof Failure && /^s3-checksum-(mismatch|unreadable)$/.test(error.id);
}

/** @param reason why there is no checksum */
export const notVerifiable = (reason: string) =>
  transfer(
    "s3-not-verifiable",
    `There is no checksum to verify the object with: ${printable(reason)}.`,
    "--checksum-mode ENABLED requires one. Without that option, the object is copied, and a note says that it was not verified.",
  );

function afterWrongData(operation: string): string {
  const isObject = operation !== "UploadPart";
  const state = isObject ? "The object in the bucket is wrong: upload it again." : "No object was stored.";
  return `${state} A proxy or a gateway in between changes the data.`;
}

/** @param operation what was asked for when the server named the wrong checksum */
export function storedWrong(stored: Sum, own: Sum, operation: string): Failure {
  return transfer(
    "s3-stored-wrong",
    `S3 stored other data than was sent: its ${stored.name} checksum is ${printable(stored.value)}, and the source's is ${own.value}.`,
    afterWrongData(operation),
  );
}

export const storedUncompared = (refusal: ServerError, operation: string): Failure =>
  transfer(
    "s3-stored-wrong",
    refusedWith(
      refusal,
      `S3 stored data that it had not compared, and refused it when it did (${printable(refusal.code)}): the data changes in transit.`,
    ),
    afterWrongData(operation),
  );

/** A part of a copy is the whole source; no object has been made of it. */
export const rangeIgnored = (): Failure =>
  transfer(
    "s3-range-ignored",
    "The server copied the whole object when it was asked for a range of it.",
    "No object was stored. A store that does not copy ranges can copy objects of up to 5 GiB.",
  );

/** @param stored bytes at the destination; @param size of the source */
export const copiedWrong = (stored: number, size: number): Failure =>
  transfer(
    "s3-copied-wrong",
    `The copy has ${stored} bytes, and its source ${size}: the server does not copy ranges correctly.`,
    "The object at the destination is wrong: delete it, and download and upload the source instead.",
  );

export const notStored = (operation: string): Failure =>
  transfer(
    "s3-not-stored",
    `S3 confirmed the ${operation} operation, but the object at the destination is a different one.`,
    "A proxy or a gateway in between mixes up responses, or something else writes to the same key.",
  );

/** @param how in what way */
export const listingLoops = (how: string) =>
  new Failure("s3-listing-loops", {
    message: `The listing does not advance: ${printable(how)}.`,
    exitCode: ExitCode.service,
  });

/** @param what the page says of itself, and what contradicts it */
export const listingContradicts = (what: string) =>
  new Failure("s3-listing-contradicts", {
    message: `The listing cannot be trusted: ${printable(what)}.`,
    hint: "A cache or a gateway in between mixes up responses, or the server does not list objects as S3 does.",
    exitCode: ExitCode.service,
  });

export const listingStrange = (key: string, prefix: string) =>
  new Failure("s3-listing-strange", {
    message: `The server listed ${printable(key)}, which does not begin with the requested prefix ${printable(prefix)}.`,
    hint: "The listing may also be incomplete, so nothing more is done with it.",
    exitCode: ExitCode.service,
  });

export const listingUnreadable = () =>
  new Failure("s3-listing-unreadable", {
    message: "The response to the ListObjectsV2 operation is not S3's XML.",
    hint: "Is the endpoint an S3 server? A proxy may have answered in its place.",
    exitCode: ExitCode.service,
  });

export const objectExists = (refusal: unknown) =>
  transfer(
    "s3-exists",
    refusedWith(isPreconditionFailed(refusal) ? refusal : undefined, "The object already exists."),
    undefined,
    refusal,
  );

/** @param refusal under the condition that nothing is there, after a try that may have stored something */
export const writtenInDoubt = (refusal: unknown) =>
  transfer(
    "s3-in-doubt",
    refusedWith(
      refusal,
      "The object at the destination may be wrong: an earlier, unconfirmed try may have stored it, and it could not be verified.",
    ),
    "Check it, and delete it if it is wrong: --no-overwrite keeps it.",
    refusal,
  );

export const sourceChanged = (path: string) =>
  transfer(
    "local-changed",
    `${printable(path)} changed while it was being uploaded.`,
    "Make sure that nothing else writes to it, and upload it again.",
  );

export const uploadTooLarge = () =>
  transfer(
    "s3-too-large",
    "It is larger than 48.8 TiB, the most that one object can have (10,000 parts of 5 GiB).",
    "For a stream, set --expected-size: the parts are then large enough.",
  );

export const streamTooLarge = (bytes: number) =>
  usageFailure(
    "stream-too-large",
    `--expected-size ${bytes} is more than a stream can have: its parts are kept in memory, 10,000 of at most 1 GiB.`,
    "Write it to a file first, or upload it as several objects.",
  );

export const readerGone = (cause: unknown) =>
  new Failure("output-closed", {
    message: "The reader of the output closed it.",
    hint: "A reader that stops early, such as head or grep -q, makes a pipeline fail under pipefail.",
    exitCode: ExitCode.readerGone,
    cause,
  });
