import { ServerError } from "../../aws/server-error.js";
import { objectExists } from "../failures.js";
import { type RefusedHeaders, refusalOf } from "../requests/refused-headers.js";
import type { ObjectHead } from "../store.js";

const CONDITION = "if-none-match";

async function isThere(look: () => Promise<ObjectHead>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.status === 404) return false;
    throw error;
  }
}

/**
 * Writes what must not be there yet (`--no-overwrite`). Where the server refuses the condition, the target is looked at
 * just before.
 *
 * @param look HEAD of the target, on a connection of its own
 * @param write gets the condition's header
 * @throws Failure `s3-exists` when the look finds it; what `look` throws where it is not allowed; what `write` throws
 */
export async function writeIfAbsent<T>(
  refused: RefusedHeaders,
  look: () => Promise<ObjectHead>,
  write: (condition: Record<string, string>) => Promise<T>,
): Promise<T> {
  let refusal: unknown;
  if (!refused.isRefused(CONDITION)) {
    try {
      return await write({ [CONDITION]: "*" });
    } catch (error) {
      if (refusalOf(error, CONDITION) === undefined) throw error;
      refusal = error;
    }
  }
  if (await isThere(look)) throw objectExists(refusal);
  const result = await write({});
  refused.refuse(CONDITION);
  return result;
}
