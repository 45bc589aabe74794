/** The contract, ms. */
const CONTRACT = 2000;

/**
 * How long a program may take to end at a signal, ms: two seconds, and more on a machine so busy that the same program
 * took long to start.
 *
 * @param startMs  from its start to the moment at which the signal was due, ms
 */
export function signalLimit(startMs: number): number {
  return CONTRACT + 20 * startMs;
}
