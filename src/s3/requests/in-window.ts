import type { Cancellation } from "../../http/cancellation.js";

/**
 * Runs `send` for the numbers from 1 on, until one returns undefined; the first failure ends all.
 *
 * @param window how many may be under way at once, asked again whenever one has ended
 * @returns what they sent, in no order
 */
export async function sendInWindow<T>(
  window: () => number,
  cancellation: Cancellation,
  send: (number: number, cancellation: Cancellation) => Promise<T | undefined>,
): Promise<T[]> {
  const { cancellation: own, release } = cancellation.child();
  const sent: T[] = [];
  const running = new Set<Promise<void>>();
  let next = 1;
  let ended = false;
  const one = async () => {
    const result = await send(next++, own);
    if (result === undefined) ended = true;
    else sent.push(result);
  };
  const fill = () => {
    while (!ended && own.reason === undefined && running.size < window()) {
      const run: Promise<void> = one()
        .catch((error) => own.cancel(error as Error))
        .finally(() => {
          running.delete(run);
          fill();
        });
      running.add(run);
    }
  };
  fill();
  while (running.size > 0) await Promise.all(running);
  release();
  own.throwIfCanceled();
  return sent;
}
