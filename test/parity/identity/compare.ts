import { expect } from "vitest";
import { DIFFERENCES } from "./differences.js";
import type { Observed, Program, Run } from "./observed.js";
import { outcomeOf } from "./outcome.js";

/** What of a run is compared: of one that stopped only what STS was asked. */
function compared(observed: Observed): Partial<Observed> {
  return observed.stopped ? { stopped: true, steps: observed.steps } : observed;
}

/** For the message of a failed comparison. */
function transcript(runs: Record<Program, Run>): string {
  const tell = (name: Program) => `${name}: exit ${runs[name].code}\n${runs[name].stderr.slice(0, 2000)}`;
  return `${tell("aws")}\n${tell("ours")}`;
}

/** The same, or different exactly as is written down; and where ours stops, it says why. */
export function expectSameIdentity(title: string, runs: Record<Program, Run>): void {
  const { aws, ours } = runs;
  const told = transcript(runs);
  const difference = Object.values(DIFFERENCES).find(({ setUps }) => Object.hasOwn(setUps, title));
  if (difference === undefined) expect(compared(ours.observed), told).toEqual(compared(aws.observed));
  else {
    expect([outcomeOf(aws.observed), outcomeOf(ours.observed)], told).toEqual(difference.setUps[title]);
    if (difference.says !== undefined) expect(ours.stderr).toMatch(difference.says);
  }
  if (!ours.observed.stopped) return;
  expect(ours.code, told).toBeGreaterThanOrEqual(252);
  expect(ours.stderr, told).toMatch(/^fetch-creds: \S/m);
}
