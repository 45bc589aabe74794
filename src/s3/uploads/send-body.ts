import { identified } from "../../aws/request-id.js";
import { isDigestRefused, ServerError } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { Response } from "../../http/response.js";
import { type ChecksumName, checksumHeader } from "../checksums/algorithms.js";
import { notStored, storedUncompared, storedWrong } from "../failures.js";
import { isNew, isWritten } from "../objects/head.js";
import { isSameETag } from "../objects/version.js";
import { MAX_TRIES } from "../requests/backoff.js";
import { md5Header } from "../requests/bodies.js";
import type { S3Request } from "../requests/request.js";
import { hasEtag, saysNothing } from "../requests/result.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectHead } from "../store.js";
import { compareStored, isMd5Of, looksLikeMd5, type Sum } from "./compare-stored.js";
import type { Part } from "./part-source.js";
import type { UploadChecksums } from "./upload-checksums.js";

/** What was sent, and what the server said of it. */
export interface SentBody {
  readonly response: Response;
  /** The checksum of what was read. */
  readonly own: Sum | undefined;
  /** Whether the server named that checksum. */
  readonly isConfirmed: boolean;
}

/**
 * The checksum's headers. `x-amz-sdk-checksum-algorithm` is what every SDK sends beside it: Ceph compares only then.
 */
function checksumHeaders(sum: Sum | undefined): Record<string, string> {
  if (sum === undefined) return {};
  return { "x-amz-sdk-checksum-algorithm": sum.name, [checksumHeader(sum.name)]: sum.value };
}

/** What is there after a first try is of our making: it may be replaced, and nothing else. Without its ETag nothing may. */
function replacing(headers: Readonly<Record<string, string>>, response: Response): Record<string, string> {
  const { "if-none-match": absent, ...others } = headers;
  if (absent === undefined) return others;
  const { etag = "" } = response.headers;
  return hasEtag(response) ? { ...others, "if-match": etag } : { ...headers };
}

/** What sends a body. */
export interface BodySender {
  readonly sender: Sender;
  readonly checksums: UploadChecksums;
  /** headWritten of what a PutObject has stored. Absent for parts, which are told apart when they are put together. */
  readonly head?: () => Promise<ObjectHead>;
}

/**
 * PutObject or UploadPart: sends a body until the server has stored what was read.
 *
 * The server compares what arrives with the checksum, or with the hash in the signature; what it says of what it has
 * stored is compared here. A server that says nothing may not have looked: then the ETag must be the body's MD5, or the
 * body is sent once more under a signature that covers it. A response that does not fit what the server says otherwise may
 * belong to another request: then HEAD tells, or the body is sent again on a connection of its own.
 *
 * @param request without body and checksum
 * @param name of the checksum to send along
 * @throws Failure when what is stored is wrong on every try; what Sender.send throws
 */
export async function sendBody(
  tools: BodySender,
  request: S3Request,
  part: Part,
  name: ChecksumName | undefined,
  cancellation: Cancellation,
): Promise<SentBody> {
  const { sender, checksums } = tools;
  const own = name === undefined ? undefined : { name, value: part.checksum(name).toString("base64") };
  let attempt: S3Request & { readonly headers: Record<string, string> } = {
    ...request,
    headers: {
      ...request.headers,
      ...checksumHeaders(own),
      ...(checksums.wantsMd5 ? md5Header(part.body) : {}),
    },
    optional: ["content-md5"],
    body: part.body,
    signsBody: checksums.signsBodies,
    // A part without its ETag cannot be named when the object is put together.
    isDone: (response) => hasEtag(response) || (tools.head !== undefined && saysNothing(response)),
  };
  let isUnsure = false;
  for (let wrong = 0; ; ) {
    const response = await sender.send(attempt, cancellation).catch((error) => {
      throw isUnsure && isDigestRefused(error) ? storedUncompared(error, request.operation) : error;
    });
    const stored = compareStored(part, own, response.headers);
    if (stored.is === "right") {
      checksums.named();
      return { response, own, isConfirmed: name !== undefined };
    }
    if (stored.is === "wrong") {
      if (++wrong === MAX_TRIES)
        throw identified(storedWrong(stored.stored, stored.own, request.operation), response.headers);
      await sender.pause(wrong, false, undefined, cancellation);
      attempt = { ...attempt, headers: replacing(attempt.headers, response), isAlone: true };
    } else if (name !== undefined && checksums.areNamed && attempt.isAlone !== true) {
      attempt = { ...attempt, isAlone: true };
    } else {
      const compared = checksums.hasCompared(name, attempt.signsBody === true);
      if (!compared) checksums.ignored();
      if (isMd5Of(part, response.headers.etag)) return { response, own, isConfirmed: false };
      if (compared && (await isConfirmed(tools, part, own, response)))
        return { response, own, isConfirmed: false };
      if (compared) {
        if (++wrong === MAX_TRIES)
          throw hasEtag(response)
            ? identified(notStored(request.operation), response.headers)
            : new ServerError(response, request.operation);
        await sender.pause(wrong, false, undefined, cancellation);
        attempt = { ...attempt, isAlone: true };
      } else {
        if (!hasEtag(response)) wrong++;
        isUnsure = true;
        attempt = { ...attempt, headers: replacing(attempt.headers, response), signsBody: true };
      }
    }
    request.onDoubt?.();
    request.onSent?.(-part.body.size);
  }
}

/** Whether a response without a checksum is about what was sent, whose MD5 its ETag is not. */
async function isConfirmed(
  { head }: BodySender,
  part: Part,
  own: Sum | undefined,
  response: Response,
): Promise<boolean> {
  const { headers } = response;
  const { etag } = headers;
  if (head === undefined) return true;
  if (!hasEtag(response)) return isFound(head, part, own);
  if (!looksLikeMd5(etag, headers)) return true;
  return isWritten(
    head,
    (there) => there.size === part.body.size && (isSameETag(there.etag, etag) || isMd5Of(part, there.etag)),
  );
}

/** Whether HEAD tells of the bytes that were sent, or of something new of that size where it names nothing to compare. */
export function isSent(there: ObjectHead, part: Part, own: Sum | undefined): boolean {
  const { size, etag, headers } = there;
  if (size !== part.body.size || headers["content-length"] === undefined) return false;
  const stored = compareStored(part, own, headers);
  if (stored.is !== "untold") return stored.is === "right";
  return looksLikeMd5(etag, headers) ? isMd5Of(part, etag) : isNew(there);
}

async function isFound(head: () => Promise<ObjectHead>, part: Part, own: Sum | undefined): Promise<boolean> {
  try {
    return isSent(await head(), part, own);
  } catch (error) {
    if (error instanceof ServerError) return false;
    throw error;
  }
}
