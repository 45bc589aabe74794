import type { Context } from "../context.js";
import type { Failure } from "../failure.js";

/** Before the second, third, fourth and fifth try, ms. */
export const DELAYS: readonly number[] = [500, 1000, 2000, 4000];

/** A `Retry-After` beyond this is not waited for: a build has better things to do. */
const RETRY_AFTER_LIMIT = 5000;

/** What one try came to. */
export type Try<T> =
  | { readonly value: T }
  | {
      readonly failure: Failure;
      readonly again: boolean;
      /** What the response's `Retry-After` asks for, ms. */
      readonly retryAfter?: number | undefined;
    };

type Clock = Pick<Context, "now" | "random" | "sleep" | "debug">;

/**
 * How long to wait before the next try, ms: each delay shortened by at most half at random, so that the steps of a
 * build that were refused together do not come back together.
 */
export function delayBefore(nextTry: number, random: number, retryAfter?: number): number {
  const delay = (DELAYS[nextTry - 1] ?? 0) * (1 - random / 2);
  return retryAfter !== undefined && retryAfter <= RETRY_AFTER_LIMIT ? Math.max(delay, retryAfter) : delay;
}

/**
 * Tries up to five times. Gives up early when the next try would begin after `deadline` (ms since the epoch).
 *
 * @param attempt  gets what is left of the time, ms
 * @throws the last try's Failure
 */
export async function withRetries<T>(
  attempt: (leftMs: number) => Promise<Try<T>>,
  deadline: number,
  { now, random, sleep, debug }: Clock,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const result = await attempt(deadline - now());
    if ("value" in result) return result.value;
    if (!result.again || tries > DELAYS.length) throw result.failure;
    const delay = delayBefore(tries, random(), result.retryAfter);
    if (now() + delay >= deadline) throw result.failure;
    debug(`waiting ${Math.round(delay)} ms before another try`);
    await sleep(delay);
  }
}
