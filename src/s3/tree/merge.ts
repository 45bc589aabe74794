import type { Entries, Entry } from "./entries.js";
import { compareKeys } from "./key-order.js";

/** What to do with each name of two trees. A promise that is returned is waited for: that is how a full queue says so. */
export interface MergeHandler<S extends Entry, T extends Entry> {
  onlySource(source: S): Promise<void> | undefined;
  both(source: S, target: T): Promise<void> | undefined;
  onlyTarget(target: T): Promise<void> | undefined;
}

/** Walks two sorted sequences side by side, holding one entry of each. */
export async function merge<S extends Entry, T extends Entry>(
  sources: Entries<S>,
  targets: Entries<T>,
  handler: MergeHandler<S, T>,
): Promise<void> {
  let source = await sources.next();
  let target = await targets.next();
  while (source !== undefined || target !== undefined) {
    const order = placed(source, target);
    const first = order <= 0 ? source : undefined;
    const second = order >= 0 ? target : undefined;
    let wait: Promise<void> | undefined;
    if (first && second) wait = handler.both(first, second);
    else if (first) wait = handler.onlySource(first);
    else if (second) wait = handler.onlyTarget(second);
    if (wait !== undefined) await wait;
    if (first) {
      const next = sources.next();
      source = next instanceof Promise ? await next : next;
    }
    if (second) {
      const next = targets.next();
      target = next instanceof Promise ? await next : next;
    }
  }
}

/** Which of the two comes first: negative the source, positive the target, 0 both. */
function placed(source: Entry | undefined, target: Entry | undefined): number {
  if (source === undefined) return 1;
  return target === undefined ? -1 : compareKeys(source.name, target.name);
}
