import { isPreconditionFailed, ServerError } from "../../aws/server-error.js";
import { NoResponse } from "../../http/no-response.js";
import { objectExists, writtenInDoubt } from "../failures.js";
import { type RefusedHeaders, refusalOf } from "../requests/refused-headers.js";
import type { ObjectHead } from "../store.js";
import { Doubt } from "./doubt.js";

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

/** Whether a refusal says, or may lead to the finding, that the object is there. */
function isRefusedAsPresent(error: unknown): boolean {
  const isConflict = error instanceof ServerError && error.status === 409;
  return isPreconditionFailed(error) || isConflict || refusalOf(error, CONDITION) !== undefined;
}

/** A refusal as it is, or, where an earlier try may have stored what is there, that the object may be wrong. */
export function refusedInDoubt(error: unknown, doubt: Doubt): unknown {
  return doubt.mayBeStored && isRefusedAsPresent(error) ? writtenInDoubt(error) : error;
}

/**
 * Writes what must not be there yet (`--no-overwrite`). Where the server refuses the condition, the target is looked at
 * just before; not after a try that may have stored something, whose trace it would find.
 *
 * @param look HEAD of the target, on a connection of its own
 * @param write gets the condition's header
 * @param doubt that `write` tells of
 * @throws Failure `s3-exists` when the look finds it; what `look` throws where it is not allowed; what `write` throws
 */
export async function writeIfAbsent<T>(
  refused: RefusedHeaders,
  look: () => Promise<ObjectHead>,
  write: (condition: Record<string, string>) => Promise<T>,
  doubt: Doubt,
): Promise<T> {
  let refusal: unknown;
  if (!refused.isRefused(CONDITION)) {
    try {
      return await write({ [CONDITION]: "*" });
    } catch (error) {
      if (doubt.mayBeStored || refusalOf(error, CONDITION) === undefined) throw error;
      refusal = error;
    }
  }
  if (await isThere(look)) throw objectExists(refusal);
  const result = await write({});
  refused.refuse(CONDITION);
  return result;
}

/**
 * writeIfAbsent of a whole object, where the trace of an earlier try does not count as there before: it must be what was to
 * be written.
 *
 * @param isOurs whether it is
 * @returns undefined when it is, and only HEAD says so
 * @throws Failure `s3-in-doubt` when it is not, or HEAD does not tell; what writeIfAbsent throws
 */
export async function putIfAbsent<T>(
  refused: RefusedHeaders,
  look: () => Promise<ObjectHead>,
  write: (condition: Record<string, string>, doubt: Doubt) => Promise<T>,
  isOurs: (there: ObjectHead) => boolean,
): Promise<T | undefined> {
  const doubt = new Doubt();
  try {
    return await writeIfAbsent(refused, look, (condition) => write(condition, doubt), doubt);
  } catch (error) {
    const failure = refusedInDoubt(error, doubt);
    if (failure === error) throw error;
    const there = await look().catch((lookFailed) => {
      if (lookFailed instanceof ServerError || lookFailed instanceof NoResponse) return undefined;
      throw lookFailed;
    });
    if (there !== undefined && isOurs(there)) return undefined;
    throw failure;
  }
}
