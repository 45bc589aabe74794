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
  const doubt = isSilent(error) && error.tries === 1 ? " It may have been done all the same: look." : "";
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
    "Something between here and S3 does not keep to ranges and lengths: a proxy, a cache or a gateway.",
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
      ? "The destination has been written all the same, and may mix two versions: copy it again, without --no-overwrite."
      : "Copy it again, or a version of it with --version-id. A file at the destination is as it was.",
  );

export const bodyStuck = (received: number, size: number, cause: unknown) =>
  transfer(
    "s3-cut-short",
    `The body broke off at ${received} of ${size} bytes and made no progress in five tries: ${printable(systemError(cause).message)}`,
    "The network or a proxy in between keeps breaking the connection.",
    cause,
  );

export const checksumMismatch = (name: string, expected: string, actual: string) =>
  transfer(
    "s3-checksum-mismatch",
    `The ${name} checksum of what arrived is ${actual}, S3 has ${printable(expected)}.`,
    "The data was corrupted in transit. A file at the destination is as it was; discard what went to standard output.",
  );

/** @param checksum the header and its value */
export const checksumUnreadable = (checksum: string) =>
  transfer(
    "s3-checksum-unreadable",
    `The checksum that S3 gave with the object is none, or contradicts itself: ${shortened(printable(checksum))}`,
    "The response was changed in transit, or what answers is not S3. A file at the destination is as it was.",
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
    "--checksum-mode ENABLED demands one; without it the object is copied, and a line says that it was not verified.",
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
    `S3 stored other data than was sent: its ${stored.name} checksum is ${printable(stored.value)}, that of the source ${own.value}.`,
    afterWrongData(operation),
  );
}

export const storedUncompared = (refusal: ServerError, operation: string): Failure =>
  transfer(
    "s3-stored-wrong",
    refusedWith(
      refusal,
      `S3 stored data that it had not compared, and refused it when it did (${printable(refusal.code)}): other data arrives than is sent.`,
    ),
    afterWrongData(operation),
  );

/** A part of a copy is the whole source; no object has been made of it. */
export const rangeIgnored = (): Failure =>
  transfer(
    "s3-range-ignored",
    "The server copied the whole object when it was asked for a range of it.",
    "No object was stored. Without ranges objects of up to 5 GiB can be copied.",
  );

/** @param stored bytes at the destination; @param size of the source */
export const copiedWrong = (stored: number, size: number): Failure =>
  transfer(
    "s3-copied-wrong",
    `The copy has ${stored} bytes, its source ${size}: the server does not keep to the ranges that it is asked to copy.`,
    "The object at the destination is wrong: delete it, and download and upload the source instead.",
  );

export const notStored = (operation: string): Failure =>
  transfer(
    "s3-not-stored",
    `S3 answered the ${operation} operation as done, and what is at the destination is something else.`,
    "A proxy or a gateway in between mixes up answers, or others write to the same key.",
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
    hint: "A cache or a gateway in between mixes up answers, or the server does not list as S3 does.",
    exitCode: ExitCode.service,
  });

export const listingStrange = (key: string, prefix: string) =>
  new Failure("s3-listing-strange", {
    message: `The server listed ${printable(key)}, which does not begin with ${printable(prefix)} as was asked for.`,
    hint: "A listing that holds what nobody asked for may lack what was: nothing more is done by it.",
    exitCode: ExitCode.service,
  });

export const listingUnreadable = () =>
  new Failure("s3-listing-unreadable", {
    message: "The response to the ListObjectsV2 operation is not S3's XML.",
    hint: "Is the endpoint an S3 server, and does no proxy answer in its place?",
    exitCode: ExitCode.service,
  });

export const objectExists = (refusal: unknown) =>
  transfer(
    "s3-exists",
    refusedWith(isPreconditionFailed(refusal) ? refusal : undefined, "The object exists already."),
    undefined,
    refusal,
  );

/** @param refusal under the condition that nothing is there, after a try that may have stored something */
export const writtenInDoubt = (refusal: unknown) =>
  transfer(
    "s3-in-doubt",
    refusedWith(
      refusal,
      "The object at the destination may be wrong: an earlier try that was not confirmed may have stored it, and it could not be verified.",
    ),
    "Check it, and delete it if it is wrong: until then --no-overwrite leaves it as it is.",
    refusal,
  );

export const sourceChanged = (path: string) =>
  transfer(
    "local-changed",
    `${printable(path)} changed while it was being uploaded.`,
    "Nothing else must write to it until it is done.",
  );

export const uploadTooLarge = () =>
  transfer(
    "s3-too-large",
    "One object can have 10,000 parts of 5 GiB, 48.8 TiB in all, and this is more.",
    "From a stream fewer parts are needed when --expected-size says how much is to come.",
  );

export const streamTooLarge = (bytes: number) =>
  usageFailure(
    "stream-too-large",
    `--expected-size ${bytes} is more than can be uploaded from a stream, whose parts are kept in memory: 10,000 of 1 GiB.`,
    "Write it to a file first, or upload it as several objects.",
  );

export const readerGone = (cause: unknown) =>
  new Failure("output-closed", {
    message: "The reader of the output went away.",
    hint: "A reader that stops early, as head and grep -q do, makes a pipeline fail under pipefail.",
    exitCode: ExitCode.readerGone,
    cause,
  });
