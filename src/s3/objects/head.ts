import { ServerError } from "../../aws/server-error.js";
import type { Stop } from "../../http/stop.js";
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
  stop: Stop,
  more: {
    readonly region?: string | undefined;
    readonly headers?: Record<string, string>;
    readonly isAlone?: boolean;
  } = {},
): Promise<ObjectHead> {
  const { query, headers } = readRequest(ref, read);
  const { bucket, key } = ref;
  const { region, isAlone = false } = more;
  const place = { bucket, key, query, region, isAlone };
  const head = async () => {
    const answer = await sender.send(
      {
        ...place,
        operation: "HeadObject",
        method: "HEAD",
        headers: { ...headers, ...more.headers },
        optional: OPTIONAL_READING,
      },
      stop,
    );
    return objectHead(answer.headers, Number(answer.headers["content-length"] ?? 0));
  };
  try {
    return await head();
  } catch (error) {
    if (!(error instanceof ServerError) || error.explained || error.status >= 500) throw error;
    await sender.send(
      { ...place, operation: "HeadObject", method: "GET", headers: { ...headers, range: "bytes=0-0" } },
      stop,
    );
    return head();
  }
}

/** HEAD, with its checksum, of an object that was written with these parameters. */
export function headWritten(
  sender: Sender,
  ref: ObjectRef,
  parameters: WriteParameters,
  stop: Stop,
): Promise<ObjectHead> {
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  return headObject(sender, ref, readingTarget(parameters), stop, { headers, isAlone: true });
}

/**
 * Whether what an answer says of an object that was written is what HEAD says, on a connection of its own: where it is not,
 * the answer was one to another request. A server that refuses HEAD is believed.
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
