import { ServerError } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import { readDate } from "../../http/date.js";
import type { ResponseHead } from "../../http/response.js";
import type { S3Request } from "../requests/request.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectHead, ObjectRef, ReadParameters, WriteParameters } from "../store.js";
import { OPTIONAL_READING, objectHead, readRequest } from "./object-head.js";
import { readingTarget } from "./read-parameters.js";

/** HEAD is not allowed, or not made: the server does not tell, whatever its reason. */
const REFUSALS = new Set([403, 405, 501]);

/** Whether a server does not answer HEAD, as opposed to a failure. */
export function refusesHead(error: unknown): error is ServerError {
  return error instanceof ServerError && REFUSALS.has(error.status);
}

interface HeadOptions {
  readonly region?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly isAlone?: boolean;
  readonly isGuess?: boolean;
  /** What GET tells will do where HEAD is refused. */
  readonly mayGet?: boolean;
}

/** Thrown to leave the body of a response. */
class Seen extends Error {}

/** The head of a response to GET, for a range or the whole: then its body is left. */
async function headByGet(
  sender: Sender,
  request: S3Request,
  range: object,
  cancellation: Cancellation,
): Promise<ResponseHead> {
  let seen: ResponseHead | undefined;
  const sink = {
    onResponse: (response: ResponseHead) => {
      seen = response;
      if (response.status === 200) throw new Seen();
    },
    onChunk: () => undefined,
  };
  try {
    return await sender.send({ ...request, headers: { ...request.headers, ...range }, sink }, cancellation);
  } catch (error) {
    if (error instanceof Seen && seen !== undefined) return seen;
    throw error;
  }
}

/** Bytes of the object, as the response to a request for its first tells. */
function sizeOf({ status, headers }: ResponseHead): number | undefined {
  const told = status === 206 ? headers["content-range"]?.split("/")[1] : headers["content-length"];
  return told !== undefined && /^\d{1,15}$/.test(told) ? Number(told) : undefined;
}

/**
 * HEAD of an object. Its error has no body: then the object's first byte is asked for, and S3 says in words whether the
 * bucket, the key or a permission is missing (and the sender may fix what they name: expired keys, a wrong clock).
 *
 * @throws ServerError, with S3's own words where it has any
 */
export async function headObject(
  sender: Sender,
  ref: ObjectRef,
  read: ReadParameters,
  cancellation: Cancellation,
  more: HeadOptions = {},
): Promise<ObjectHead> {
  const { query, headers } = readRequest(ref, read);
  const { bucket, key } = ref;
  const { region, isAlone = false, isGuess = false, mayGet = false } = more;
  const place = { operation: "HeadObject", bucket, key, query, region, isAlone, isGuess };
  const { checksumMode } = read;
  const mode: Record<string, string> =
    checksumMode === undefined ? {} : { "x-amz-checksum-mode": checksumMode };
  const head = async () => {
    const request = { ...place, method: "HEAD", headers: { ...headers, ...mode, ...more.headers } } as const;
    const response = await sender.send({ ...request, optional: OPTIONAL_READING }, cancellation);
    return objectHead(response.headers, Number(response.headers["content-length"] ?? 0));
  };
  try {
    return await head();
  } catch (error) {
    if (!(error instanceof ServerError) || error.explained) throw error;
    if (error.status >= 500 && !(mayGet && refusesHead(error))) throw error;
    const get = { ...place, method: "GET", headers } as const;
    const seen = await headByGet(sender, get, { range: "bytes=0-0" }, cancellation).catch((again) => {
      // An empty object has no first byte.
      if (!(again instanceof ServerError && again.status === 416)) throw again;
      return headByGet(sender, get, {}, cancellation);
    });
    const size = mayGet ? sizeOf(seen) : undefined;
    return head().catch((again) => {
      if (size === undefined || !(again instanceof ServerError)) throw again;
      return objectHead(seen.headers, size);
    });
  }
}

/** HEAD, with its checksum, of an object that was written with these parameters. */
export function headWritten(
  sender: Sender,
  ref: ObjectRef,
  parameters: WriteParameters,
  cancellation: Cancellation,
): Promise<ObjectHead> {
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  return headObject(sender, ref, readingTarget(parameters), cancellation, { headers, isAlone: true });
}

/** Milliseconds, by the server's own clock: what was changed last so long before is not what has just been sent. */
const LONGEST_AGO_MS = 300_000;

/** Whether an object may be what has just been written. */
export function isNew({ lastModified = 0, headers }: ObjectHead): boolean {
  return (readDate(headers.date) ?? Number.POSITIVE_INFINITY) - lastModified <= LONGEST_AGO_MS;
}

/**
 * Whether what a response says of an object that was written is what HEAD says, on a connection of its own: where it is not,
 * the response was one to another request. A server that refuses HEAD is believed.
 *
 * @param head headWritten
 * @param isThere told what HEAD says
 */
export async function isWritten(
  head: () => Promise<ObjectHead>,
  isThere: (head: ObjectHead) => boolean,
): Promise<boolean> {
  try {
    return isThere(await head());
  } catch (error) {
    if (refusesHead(error)) return true;
    if (error instanceof ServerError && error.status === 404) return false;
    throw error;
  }
}
