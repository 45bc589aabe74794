/** That one room imports from another, so many times. */
export interface Tie {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** Whether arrows lead from one room to the other. */
function leads(ties: readonly Tie[], from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const room of reached)
    for (const tie of ties) {
      if (tie.from !== room) continue;
      if (tie.to === to) return true;
      reached.add(tie.to);
    }
  return false;
}

/**
 * The fewest arrows that lead from every room to the same rooms as all of them: one that goes past others is left out, the
 * weakest tie first. Two rooms that import from each other are drawn so.
 */
export function leastArrows(ties: readonly Tie[]): Tie[] {
  let kept = [...ties];
  const weakestFirst = [...ties].sort(
    (a, b) => a.times - b.times || `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`),
  );
  for (const tie of weakestFirst) {
    const others = kept.filter((each) => each !== tie);
    const mutual = ties.some(({ from, to }) => from === tie.to && to === tie.from);
    if (!mutual && leads(others, tie.from, tie.to)) kept = others;
  }
  return kept.sort((a, b) => `${a.from} ${a.to}`.localeCompare(`${b.from} ${b.to}`));
}
