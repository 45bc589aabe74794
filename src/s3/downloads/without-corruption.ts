import type { Cancellation } from "../../http/cancellation.js";
import { isCorrupted } from "../failures.js";
import type { Downloaded, DownloadTarget, ObjectRef } from "../store.js";
import { Download, type DownloadOptions, type DownloadTools } from "./download.js";

/** Times that an object is read whose bytes do not fit its checksum: each may be a terabyte. */
const TRIES = 3;

/**
 * Downloads an object, from its first byte again where what came does not fit its checksum, or that cannot be read. What has
 * gone to a stream cannot be taken back.
 *
 * @param stop of this object alone
 * @throws as Download
 */
export async function withoutCorruption(
  tools: DownloadTools,
  ref: ObjectRef,
  target: DownloadTarget,
  options: DownloadOptions,
  cancellation: Cancellation,
): Promise<Downloaded> {
  for (let tries = 1; ; tries++) {
    let received = 0;
    const onBytes = (bytes: number) => {
      received += bytes;
      options.onBytes?.(bytes);
    };
    // A download stops its stop when it fails.
    const own = cancellation.child();
    try {
      return await new Download(tools, ref, target, { ...options, onBytes }, own.cancellation).run();
    } catch (error) {
      if (target.kind === "stream" || tries === TRIES || !isCorrupted(error)) throw error;
      tools.context.debug(`${error instanceof Error ? error.message : error} Reading it again`);
      options.onBytes?.(-received);
    } finally {
      own.release();
    }
  }
}
