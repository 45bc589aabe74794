import { ServerError } from "../requests/server-error.js";
import { Stop } from "../requests/stop.js";
import type { MultipartRequests, SentPart, WholeChecksum } from "./multipart-requests.js";

/** Milliseconds that a stopped upload waits for the id of what must be aborted. */
const LAST_WAIT_MS = 1200;

/** How the parts of an upload are made: by sending bytes, or by copying. */
export interface Multipart {
  readonly requests: MultipartRequests;
  /** Asks for an upload; runs on after a stop, whose upload must be aborted. */
  readonly create: (stop: Stop) => Promise<string>;
  /** Sends all parts. */
  readonly sendParts: (uploadId: string, stop: Stop) => Promise<readonly SentPart[]>;
  /** The checksum of the whole, when the parts have been sent. */
  readonly whole: (parts: readonly SentPart[]) => WholeChecksum | undefined;
  /**
   * Whether the object is there, asked when completing says that there is no such upload: then the answer to an earlier
   * try was lost on its way.
   */
  readonly isThere?: (parts: readonly SentPart[]) => Promise<boolean>;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Runs a multipart upload from its creation to its completion; when anything fails, or the stop comes, it is aborted,
 * also when its creation was still under way.
 */
export async function runMultipart(upload: Multipart, stop: Stop): Promise<void> {
  stop.throwIfStopped();
  const { requests } = upload;
  const creation = new Stop();
  const created = upload.create(creation);
  let uploadId: string;
  try {
    uploadId = await stop.race(created);
  } catch (error) {
    if (stop.reason !== undefined) {
      const late = await Promise.race([created.catch(() => undefined), upload.sleep(LAST_WAIT_MS)]);
      creation.stop(stop.reason);
      if (typeof late === "string") await requests.abort(late, stop).catch(() => undefined);
    }
    throw error;
  }
  try {
    const parts = await upload.sendParts(uploadId, stop);
    await complete(upload, uploadId, parts, stop);
  } catch (error) {
    await requests.abort(uploadId, stop).catch(() => undefined);
    throw error;
  }
}

async function complete(
  { requests, whole, isThere }: Multipart,
  uploadId: string,
  parts: readonly SentPart[],
  stop: Stop,
): Promise<void> {
  try {
    await requests.complete(uploadId, parts, whole(parts), stop);
  } catch (error) {
    const gone = error instanceof ServerError && error.code === "NoSuchUpload";
    if (!gone || !(await isThere?.(parts))) throw error;
  }
}

/**
 * Runs `send` for the numbers from 1 on, `window` at once, until one returns undefined; the first failure ends all.
 *
 * @returns what they sent, in order
 */
export async function sendInWindow(
  window: number,
  stop: Stop,
  send: (number: number, stop: Stop) => Promise<SentPart | undefined>,
): Promise<readonly SentPart[]> {
  const { stop: own, release } = stop.child();
  const sent: SentPart[] = [];
  let next = 1;
  let ended = false;
  const worker = async () => {
    while (!ended) {
      own.throwIfStopped();
      const part = await send(next++, own);
      if (part === undefined) ended = true;
      else sent.push(part);
    }
  };
  const running = Array.from({ length: window }, worker);
  for (const run of running) run.catch((error) => own.stop(error as Error));
  await Promise.allSettled(running);
  release();
  if (own.reason !== undefined) throw own.reason;
  return sent.sort((a, b) => a.number - b.number);
}
