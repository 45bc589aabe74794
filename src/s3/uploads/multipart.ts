import type { Stop } from "../requests/stop.js";
import type { MultipartRequests, SentPart, WholeChecksum } from "./multipart-requests.js";

/** Milliseconds that a stopped upload waits for the id of what must be aborted. */
const LAST_WAIT_MS = 1200;

/** How the parts of an upload are made: by sending bytes, or by copying. */
export interface Multipart {
  readonly requests: MultipartRequests;
  /** Asks for an upload; runs on after a stop, whose upload must be aborted. */
  readonly create: (stop: Stop) => Promise<string>;
  /** Sends one part after the other until there is none; `window` of these run at once. */
  readonly sendParts: (uploadId: string, window: Stop) => Promise<readonly SentPart[]>;
  /** The checksum of the whole, when the parts have been sent. */
  readonly whole: (parts: readonly SentPart[]) => WholeChecksum | undefined;
  /** Told when completing says that there is no such upload: whether the object is there all the same. */
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Runs a multipart upload from its creation to its completion; when anything fails, or the stop comes, it is aborted,
 * also when its creation was still under way.
 */
export async function runMultipart(upload: Multipart, stop: Stop, never: Stop): Promise<void> {
  stop.throwIfStopped();
  const { requests } = upload;
  const created = upload.create(never);
  let uploadId: string;
  try {
    uploadId = await stop.race(created);
  } catch (error) {
    if (stop.reason !== undefined) {
      const late = await Promise.race([created.catch(() => undefined), upload.sleep(LAST_WAIT_MS)]);
      if (typeof late === "string") await requests.abort(late, stop).catch(() => undefined);
    }
    throw error;
  }
  try {
    const parts = await upload.sendParts(uploadId, stop);
    await requests.complete(uploadId, parts, upload.whole(parts), stop);
  } catch (error) {
    await requests.abort(uploadId, stop).catch(() => undefined);
    throw error;
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
