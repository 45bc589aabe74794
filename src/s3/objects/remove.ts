import type { Stop } from "../../http/stop.js";
import { isDeleted } from "../requests/result.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectRef } from "../store.js";

/** DeleteObject. @throws ServerError, NoAnswer */
export async function removeObject(
  sender: Sender,
  { bucket, key, versionId }: ObjectRef,
  stop: Stop,
): Promise<void> {
  await sender.send(
    {
      operation: "DeleteObject",
      method: "DELETE",
      bucket,
      key,
      isDone: isDeleted,
      query: versionId === undefined ? {} : { versionId },
    },
    stop,
  );
}
