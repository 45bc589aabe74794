/** How late this process may be for its own timer, ms, before what it answers is late, too. */
const BEARABLE_MS = 300;
const EVERY_MS = 50;

let last = performance.now();
let lateAt = Number.NEGATIVE_INFINITY;

/** Watches from now on whether this process gets its turn. */
export function watchLateness(): void {
  setInterval(() => {
    const now = performance.now();
    if (now - last > EVERY_MS + BEARABLE_MS) lateAt = now;
    last = now;
  }, EVERY_MS).unref();
}

/** Whether this process has missed its turn since then, ms of `performance.now()`. */
export function wasLateSince(then: number): boolean {
  return lateAt >= then || performance.now() - last > EVERY_MS + BEARABLE_MS;
}
