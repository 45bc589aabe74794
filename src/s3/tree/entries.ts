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
