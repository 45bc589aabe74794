/** Tries of one request before its failure is final. */
export const MAX_TRIES = 5;

/** Further tries of a request that a server refuses while it serves others. */
export const MAX_REJECTED_UNDER_LOAD = 20;

/** Further tries of a request for which this machine has no descriptor left. */
export const MAX_SHORT = 400;

const BASE_MS = 50;
const THROTTLED_BASE_MS = 1000;
const CAP_MS = 20_000;

/**
 * Milliseconds to wait before the next try: full jitter over a bound that doubles (the SDKs' standard retry mode), and
 * never sooner than the server asks.
 *
 * @param tries how many have failed
 * @param random in [0, 1)
 * @param retryAfterMs what the server asks for
 */
export function backoffMs(tries: number, throttled: boolean, random: number, retryAfterMs = 0): number {
  const bound = Math.min(CAP_MS, (throttled ? THROTTLED_BASE_MS : BASE_MS) * 2 ** (tries - 1));
  return Math.max(bound * random, Math.min(retryAfterMs, CAP_MS));
}
