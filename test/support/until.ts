import type { ChildProcess } from "node:child_process";

/** How long a child that has ended may leave the condition to come true: what it wrote or asked for is on its way. */
const AFTER_THE_END_MS = 2000;

/** Resolves when the condition holds; rejects after a minute, or soon after the child that should bring it about has ended. */
export async function until(condition: () => boolean, child?: ChildProcess): Promise<void> {
  let limit = Date.now() + 60_000;
  let ended = false;
  while (!condition()) {
    if (!ended && child !== undefined && (child.exitCode !== null || child.signalCode !== null)) {
      ended = true;
      limit = Date.now() + AFTER_THE_END_MS;
    }
    if (Date.now() > limit)
      throw new Error(`the condition never came to hold${ended ? ": the program has ended" : ""}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
