import { ServerError } from "../../aws/server-error.js";
import { Cancellation } from "../../http/cancellation.js";
import { isSilent, NoResponse } from "../../http/no-response.js";
import { copiedWrong, notStored, storedWrong } from "../failures.js";
import { Doubt } from "../objects/doubt.js";
import { isWritten } from "../objects/head.js";
import { refusedInDoubt } from "../objects/if-absent.js";
import { isSameETag } from "../objects/version.js";
import { MAX_TRIES } from "../requests/backoff.js";
import type { ObjectHead } from "../store.js";
import type { Completion, MultipartRequests, SentPart } from "./multipart-requests.js";
import { isChecksumOf, isProvenToBe, namesChecksum, type WholeObject } from "./whole-object.js";

/** Milliseconds that a stopped upload waits for the id of what must be aborted. */
const LAST_WAIT_MS = 1200;

/** How the parts of an upload are made: by sending bytes, or by copying. */
export interface Multipart {
  readonly requests: MultipartRequests;
  /** Asks for an upload; runs on after a cancellation, whose upload must be aborted. */
  readonly create: (cancellation: Cancellation) => Promise<string>;
  /** Sends all parts. */
  readonly sendParts: (uploadId: string, cancellation: Cancellation) => Promise<readonly SentPart[]>;
  /** What the parts make, when they have been sent. */
  readonly whole: (parts: readonly SentPart[]) => WholeObject;
  /** HEAD of what is at the target, with its checksum. */
  readonly head: () => Promise<ObjectHead>;
  /** Whether the server may have put together more, or less, than was asked for, without saying so. */
  readonly checksSize: boolean;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Runs a multipart upload from its creation to its completion; when anything fails, or the cancellation comes, it is aborted,
 * also when its creation was still under way.
 *
 * @returns undefined when the response to the completion was lost, and the object is there all the same
 */
export async function runMultipart(
  upload: Multipart,
  cancellation: Cancellation,
): Promise<Completion | undefined> {
  cancellation.throwIfCanceled();
  const { requests } = upload;
  const creation = new Cancellation();
  const created = upload.create(creation);
  let uploadId: string;
  try {
    uploadId = await cancellation.race(created);
  } catch (error) {
    if (cancellation.reason !== undefined) {
      const late = await Promise.race([created.catch(() => undefined), upload.sleep(LAST_WAIT_MS)]);
      creation.cancel(cancellation.reason);
      if (typeof late === "string") await requests.abort(late, cancellation).catch(() => undefined);
    }
    throw error;
  }
  try {
    const parts = await upload.sendParts(uploadId, cancellation);
    return await complete(upload, uploadId, parts, cancellation);
  } catch (error) {
    await requests.abort(uploadId, cancellation).catch(() => undefined);
    throw error;
  }
}

/** Asks for the completion; where the server was silent, and the object is not there, again: it may be asked for twice. */
async function complete(
  upload: Multipart,
  uploadId: string,
  parts: readonly SentPart[],
  cancellation: Cancellation,
): Promise<Completion | undefined> {
  const whole = upload.whole(parts);
  const doubt = new Doubt();
  for (let tries = 1; ; tries++) {
    try {
      return await askToComplete(upload, uploadId, parts, whole, doubt, cancellation);
    } catch (error) {
      if (!isSilent(error) || tries === MAX_TRIES || cancellation.reason !== undefined) throw error;
    }
  }
}

async function askToComplete(
  { requests, head, checksSize }: Multipart,
  uploadId: string,
  parts: readonly SentPart[],
  whole: WholeObject,
  doubt: Doubt,
  cancellation: Cancellation,
): Promise<Completion | undefined> {
  try {
    const completion = await requests.complete(uploadId, parts, whole, doubt, cancellation);
    checkCompletion(completion, whole);
    const isCompared = whole.checksum !== undefined && completion.checksum !== undefined;
    const isShown = isAbout(completion, whole)
      ? !checksSize || isCompared || (await isOfSize(head, completion, whole))
      : await isThere(head, completion, whole);
    if (!isShown) throw notStored("CompleteMultipartUpload");
    return completion;
  } catch (error) {
    // A try may have been done, its response lost on the way: then there is no such upload any more, or no response at all.
    const isOfServer = error instanceof ServerError || error instanceof NoResponse;
    if (!doubt.isThere || !isOfServer || cancellation.reason !== undefined) throw error;
    const there = await head().catch(() => undefined);
    if (there === undefined || !isProvenToBe(whole, there)) throw refusedInDoubt(error, doubt);
    return undefined;
  }
}

/** What S3 says of the object that it has put together must be what the parts make. */
function checkCompletion(completion: Completion, whole: WholeObject): void {
  const { checksum } = whole;
  const stored = completion.checksum;
  if (checksum === undefined || stored === undefined || isChecksumOf(whole, stored)) return;
  const { name, full, composite } = checksum;
  const own = full !== undefined && !stored.includes("-") ? full : composite;
  throw storedWrong({ name, value: stored }, { name, value: own }, "CompleteMultipartUpload");
}

/** Whether what S3 says of the object that it has put together can be about this one. */
function isAbout({ isOfKey, etag }: Completion, whole: WholeObject): boolean {
  return isOfKey && (whole.etag === undefined || isSameETag(etag, whole.etag));
}

/**
 * Whether the object is at the target, after a response that names another key, or an ETag that does not follow from the
 * parts: under keys of KMS it never does. A server that refuses HEAD is believed.
 */
function isThere(head: Multipart["head"], { etag }: Completion, whole: WholeObject): Promise<boolean> {
  return isWritten(head, (there) => {
    const isNamedSo = there.size === whole.size && isSameETag(there.etag, etag);
    return isProvenToBe(whole, there) || (isNamedSo && !namesChecksum(whole, there));
  });
}

/** Whether what is at the target has the size of the whole. @throws Failure when it has not, and is what was put together */
function isOfSize(head: Multipart["head"], { etag }: Completion, { size }: WholeObject): Promise<boolean> {
  return isWritten(head, (there) => {
    if (there.size !== size && isSameETag(there.etag, etag)) throw copiedWrong(there.size, size);
    return there.size === size;
  });
}
