import type { Cancellation } from "../../http/cancellation.js";
import { isDeleted } from "../requests/result.js";
import type { Sender } from "../requests/sender.js";
import type { ObjectRef } from "../store.js";

/** DeleteObject. @throws ServerError, NoAnswer */
export async function removeObject(
  sender: Sender,
  { bucket, key, versionId }: ObjectRef,
  cancellation: Cancellation,
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
    cancellation,
  );
}
