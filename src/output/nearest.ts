/**
 * How many letters must be put in, taken out, changed or swapped with their neighbour to make one word the other
 * (optimal string alignment).
 */
export function distance(a: string, b: string): number {
  let older: number[] = [];
  let previous = [0, ...b.split("").map((_, index) => index + 1)];
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        best = Math.min(best, at(older, column - 2) + 1);
      current.push(best);
    }
    older = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** The candidate that was most likely meant; undefined when none is near. A word cut short is near its whole. */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  // A megabyte of argument is no typing error, and the table would be large.
  if (given.length > 64) return undefined;
  const bound = Math.max(1, Math.floor(given.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(given.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.far - other.far)[0];
  if (ranked !== undefined && ranked.far <= bound) return ranked.candidate;
  return given.length >= 3 ? candidates.find((candidate) => candidate.startsWith(given)) : undefined;
}
