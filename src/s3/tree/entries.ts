/** Something a walk or a listing found. `name` is relative to its root, with `/` between folders. */
export interface Entry {
  readonly name: string;
}

/**
 * A sorted sequence, read one by one. `next` answers at once when it can: a promise for each of a million entries would
 * cost more than the comparison they are read for.
 */
export interface Entries<E extends Entry> {
  next(): E | undefined | Promise<E | undefined>;
}

/** What stands at the same place of two trees; at least one of the two is there. */
interface Pair<S extends Entry, T extends Entry> {
  readonly source?: S;
  readonly target?: T;
}
